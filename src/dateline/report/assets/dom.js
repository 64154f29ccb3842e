// The page's elements are made here and nowhere else: what comes from data goes in as text, never as markup.

const $ = (id) => document.getElementById(id);

// h('a', {class: 'x', href: '#y', onclick: f, '--k': colour}, 'words', element, null)
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name.startsWith('--')) node.style.setProperty(name, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

// Data within our own words: what it does to the direction of writing ends with it.
const bdi = (value, cls) => h('bdi', { class: cls }, String(value));

const index = JSON.parse($('index').textContent);
const ARTICLES = index.articles;
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);
const colour = (name) => own(index.colors, name) || 'var(--c0)';
const about = (table, name) => (own(table, name) || {}).about || '';

// An article is parsed when it is looked at; the last ones are kept.
const opened = new Map();
function article(number) {
  if (!opened.has(number)) {
    opened.set(number, JSON.parse($('a' + number).textContent));
    if (opened.size > 20) opened.delete(opened.keys().next().value);
  }
  return opened.get(number);
}

const part = (value) => encodeURIComponent(value);
const address = (key, who, event) => '#a/' + [key, who, event].filter((x) => x).map(part).join('/');

const STATUS_SIGN = { reported: '”', alleged: '?', disputed: '!', denied: '×', planned: '›', hypothetical: '~' };
const STATUS = new Set(['asserted', 'reported', 'alleged', 'disputed', 'denied', 'planned', 'hypothetical']);
function badge(status) {
  const known = STATUS.has(status) ? status : 'asserted';
  const contested = index.contested.includes(status);
  return h('span', {
    class: contested ? 'badge contested' : 'badge',
    '--k': `var(--s-${known})`,
    title: own(index.statuses, status),
  }, own(STATUS_SIGN, status) ? `${STATUS_SIGN[status]} ` : '', status || 'no status');
}
