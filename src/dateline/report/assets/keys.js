// Addresses and keys: what is on screen follows the fragment, and every key does what a link or button does.

function decoded(piece) {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

function screen(name) {
  $('overview').hidden = name !== 'overview';
  $('articles').hidden = name !== 'articles';
  for (const link of document.querySelectorAll('header nav a')) {
    if (link.getAttribute('href') === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function openArticle(key, who, event) {
  const number = NUMBER.get(key);
  if (number === undefined) return lost(key);
  const data = article(number);
  const named = data.a.findIndex((x) => x.w === who);
  const chosen = data.a.findIndex((x) => x.c);
  const at = named >= 0 ? named : Math.max(0, chosen);
  view = new View(number, at);
  view.show(at);
  const found = event ? view.annotation.e.findIndex((x) => x.r === event || x.i === event) : -1;
  if (found >= 0) view.pick(found, true);
  return null;
}

function openBeside(key, which) {
  const number = NUMBER.get(key);
  if (number === undefined) return lost(key);
  if (!article(number).d.length) return openArticle(key);
  view = new Beside(number, Number(which) || 0);
  view.show();
  return null;
}

function lost(key) {
  view = null;
  $('reader').replaceChildren(h('p', {}, 'There is no article ', bdi(key), ' in this report.'));
}

function route() {
  const hash = location.hash.slice(1);
  const [kind, ...rest] = hash.split('/');
  const parts = rest.map(decoded);
  const reading = kind === 'a' || kind === 's';
  document.body.classList.toggle('reading', reading);
  if (reading) {
    screen('articles');
    if (kind === 'a') openArticle(...parts);
    else openBeside(...parts);
    if (!$('list').children.length) apply();
    current();
    if (view && view.picked === undefined) window.scrollTo(0, 0);
  } else if (hash.startsWith('articles')) {
    screen('articles');
    const [, query] = hash.split('?');
    if (query !== undefined) narrow(new URLSearchParams(query));
    else if (!$('list').children.length) apply();
  } else {
    screen('overview');
    if (hash) ($(hash) || $('overview')).scrollIntoView();
  }
  document.title = (reading && view ? `${ARTICLES[view.number].t || view.key} – ` : '') + TITLE;
}

// The browser tells of a new address later; who presses the next key at once must find the page there.
let followed = '';
function visit(hash) {
  const before = location.href;
  location.hash = hash;
  if (location.href === before) return;
  followed = location.href;
  route();
}

function neighbour(by) {
  const links = [...$('list').querySelectorAll('a')];
  const focused = links.indexOf(document.activeElement);
  const here = focused >= 0 ? focused : links.findIndex((x) => view && Number(x.dataset.n) === view.number);
  const next = links[here + by];
  if (!next && by > 0 && !$('more').hidden) {
    more();
    return neighbour(by);
  }
  if (!next) return null;
  if (document.body.classList.contains('reading') && focused < 0) visit(next.hash);
  else next.focus();
  return null;
}

function leave() {
  if (view && view.picked !== undefined) view.pick(view.picked);
  else if (document.body.classList.contains('reading')) visit('#articles');
}

function beside() {
  if (!view) return;
  const there = view instanceof Beside ? address(view.key) : `#s/${part(view.key)}`;
  visit(there);
}

function theme() {
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark'
    || (document.documentElement.style.colorScheme === '' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.style.colorScheme = dark ? 'light' : 'dark';
}

const help = () => $('help').showModal();
const go = (hash) => () => visit(hash);
const search = () => { if ($('articles').hidden) visit('#articles'); setTimeout(() => $('search').focus()); };
const KEYS = {
  j: () => neighbour(1), k: () => neighbour(-1), n: () => view && view.step(1), p: () => view && view.step(-1),
  s: beside, '/': search, '?': help, t: theme, o: go('#overview'), a: go('#articles'), Escape: leave,
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $('help').open) return;
  const inField = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (inField) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const inList = $('list').contains(event.target);
  const does = inList && event.key === 'ArrowDown' ? KEYS.j : inList && event.key === 'ArrowUp' ? KEYS.k : own(KEYS, event.key);
  if (!does || ('jk'.includes(event.key) && $('articles').hidden)) return;
  event.preventDefault();
  does();
}

const TITLE = document.title;
options();
document.addEventListener('keydown', pressed);
window.addEventListener('hashchange', () => {
  if (location.href !== followed) route();
  followed = '';
});
window.addEventListener('resize', () => {
  for (const drawn of view ? (view.panes || [view.drawn]) : []) if (drawn) drawn.draw();
});
$('search').addEventListener('input', (event) => { wanted.q = event.target.value; apply(); });
$('clear').addEventListener('click', () => narrow(new URLSearchParams()));
$('more').addEventListener('click', more);
$('theme').addEventListener('click', theme);
$('keys').addEventListener('click', help);
$('close').addEventListener('click', () => $('help').close());

// On paper every table and list is open.
let closed = [];
window.addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('details:not([open])')];
  for (const details of closed) if (!details.classList.contains('mentions')) details.open = true;
});
window.addEventListener('afterprint', () => { for (const details of closed) details.open = false; });

route();
