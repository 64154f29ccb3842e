// The list of articles, and what it is narrowed down to.

const CHUNK = 100; // rows that are drawn at a time
const CHOICES = ['type', 'status', 'annotator', 'finding', 'split'];
const wanted = { q: '', type: '', status: '', annotator: '', finding: '', split: '' };
const NUMBER = new Map(ARTICLES.map((line, number) => [line.k, number]));
let matching = [];
let scan = 0; // the number of the search that is under way: an older one ends when it sees a newer

const said = ARTICLES.map((line) => [line.k, line.t, line.p, line.d].filter((x) => x).join('\n').toLowerCase());
const texts = new Map();

function textOf(number) {
  if (!texts.has(number)) texts.set(number, (JSON.parse($('a' + number).textContent).t || '').toLowerCase());
  return texts.get(number);
}

const fits = (type, status) => (!wanted.type || wanted.type === type) && (!wanted.status || wanted.status === status);

function passes(line) {
  if (wanted.split && (line.s || '') !== wanted.split) return false;
  if (wanted.finding && !line.f.some(([code, who]) => code === wanted.finding
    && (!wanted.annotator || !who || who === wanted.annotator))) return false;
  if (!wanted.type && !wanted.status && !wanted.annotator) return true;
  return line.c.some(([who, pairs]) => (!wanted.annotator || who === wanted.annotator)
    && ((!wanted.type && !wanted.status) || pairs.some(([type, status]) => fits(type, status))));
}

// Names and titles at once; then the texts, a little at a time, so that typing never waits.
function apply() {
  scan += 1;
  const mine = scan;
  const query = wanted.q.trim().toLowerCase();
  const inFilter = [...ARTICLES.keys()].filter((n) => passes(ARTICLES[n]));
  const found = new Set(query ? inFilter.filter((n) => said[n].includes(query)) : inFilter);
  const rest = query.length > 1 ? inFilter.filter((n) => !found.has(n)) : [];
  const show = (over) => {
    matching = inFilter.filter((n) => found.has(n));
    draw(over);
  };
  show(!rest.length);
  const next = () => {
    if (mine !== scan) return;
    const until = performance.now() + 12;
    while (rest.length && performance.now() < until) {
      const number = rest.shift();
      if (textOf(number).includes(query)) found.add(number);
    }
    if (rest.length) setTimeout(next);
    else show(true);
  };
  if (rest.length) setTimeout(next);
  if (view) view.dim();
}

function row(number) {
  const line = ARTICLES[number];
  const facts = [line.p, line.d, `${line.n} events`].filter((x) => x);
  return h('li', {}, h('a', {
    href: address(line.k), 'data-n': number, 'aria-current': view && view.number === number ? 'true' : null,
  }, bdi(line.t || line.k, 'title'),
  h('span', { class: 'soft meta' }, facts.map((x, n) => [n ? ' · ' : null, bdi(x)])),
  line.x ? h('span', { class: 'badge contested', '--k': 'var(--s-disputed)' }, `${line.x} contested`) : null));
}

function draw(over) {
  $('list').replaceChildren();
  more();
  $('count').textContent = `${matching.length.toLocaleString('en')} of ${ARTICLES.length.toLocaleString('en')} articles`
    + (over ? '' : ', searching the texts …');
}

function more() {
  const have = $('list').children.length;
  $('list').append(...matching.slice(have, have + CHUNK).map(row));
  $('more').hidden = $('list').children.length >= matching.length;
}

function current() {
  for (const link of $('list').querySelectorAll('a')) {
    const here = view !== null && Number(link.dataset.n) === view.number;
    if (here) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

function options() {
  const seen = { type: new Set(), status: new Set(), annotator: new Set(), finding: new Set(), split: new Set() };
  for (const line of ARTICLES) {
    if (line.s) seen.split.add(line.s);
    for (const [code] of line.f) seen.finding.add(code);
    for (const [who, pairs] of line.c) {
      seen.annotator.add(who);
      for (const [type, status] of pairs) seen.type.add(type).size && seen.status.add(status);
    }
  }
  for (const name of CHOICES) {
    const known = name === 'type' ? Object.keys(index.types) : name === 'status' ? Object.keys(index.statuses) : [];
    const values = [...known.filter((x) => seen[name].has(x)), ...[...seen[name]].filter((x) => x && !known.includes(x)).sort()];
    $(`by-${name}`).append(...values.map((value) => h('option', { value }, value)));
    $(`by-${name}`).addEventListener('change', (event) => { wanted[name] = event.target.value; apply(); });
  }
}

// Sets the filters to what is given and to nothing else.
function narrow(given) {
  for (const name of Object.keys(wanted)) wanted[name] = given.get(name) || '';
  for (const name of CHOICES) $(`by-${name}`).value = wanted[name];
  $('search').value = wanted.q;
  apply();
}
