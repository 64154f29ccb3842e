// One article: its head, whose annotation is shown, the text with it, its events; or two annotations side by side.

let view = null; // what is on screen
const LICENCE_UNKNOWN = 'NOASSERTION';

function head(line, data) {
  const s = data.s;
  const facts = [s.publisher, s.published_at, line.s, s.license === LICENCE_UNKNOWN ? 'no licence granted' : s.license,
    s.synthetic ? 'written for the dataset' : null, s.url].filter((x) => x);
  return [
    h('p', { class: 'back' }, h('a', { href: '#articles' }, '← articles')),
    h('h2', { dir: 'auto' }, bdi(s.title || line.k)),
    h('p', { class: 'soft meta' }, facts.map((x, n) => [n ? ' · ' : null, bdi(x)])),
    h('p', { class: 'soft meta' }, h('a', { href: address(line.k) }, bdi(line.k)), ' · ', data.r),
  ];
}

function switcher(number, data, shown, beside) {
  const line = ARTICLES[number];
  const buttons = data.a.map((annotation, at) => h('a', {
    class: 'who', href: address(line.k, annotation.w), 'aria-current': !beside && at === shown ? 'true' : null,
  }, bdi(annotation.w), annotation.c ? ' ✓' : null));
  if (data.d.length) {
    buttons.push(h('a', { class: 'who', href: `#s/${part(line.k)}`, 'aria-current': beside ? 'true' : null }, 'side by side'));
  }
  return h('nav', { class: 'switch', 'aria-label': 'Annotations' }, buttons);
}

class View {
  constructor(number, at) {
    this.number = number;
    this.key = ARTICLES[number].k;
    this.data = article(number);
    this.text = this.data.t;
    this.annotation = this.data.a[at];
    this.drawn = this.text === null ? null : new Drawn(this.key, this.text, this.annotation, (e) => this.pick(e));
  }

  show(at) {
    const found = this.data.f.filter((f) => !f.w || f.w === this.annotation.w);
    this.cards = this.annotation.e.map((_, e) => card(this, e));
    const absent = h('p', { class: 'soft' }, 'The words of this article are not in the dataset; numbers are offsets.');
    $('reader').replaceChildren(
      ...head(ARTICLES[this.number], this.data), switcher(this.number, this.data, at, false),
      h('div', { class: 'columns' },
        h('div', { class: 'page' }, this.drawn ? this.drawn.node : absent, h('p', { id: 'told', class: 'soft', role: 'status' }), legend(this.annotation)),
        h('div', { class: 'aside' },
          h('h3', {}, `${this.annotation.e.length} events`), h('ol', { class: 'events' }, this.cards),
          findingsList(this, found), mentions(this))),
    );
    this.dim();
  }

  // Pins an event, or frees it where it was pinned; the address follows.
  pick(at, quiet) {
    const same = this.picked === at;
    this.picked = same && !quiet ? undefined : at;
    if (this.drawn) this.drawn.pick(this.picked);
    this.cards.forEach((node, n) => {
      node.classList.toggle('on', n === this.picked);
      node.querySelector('.head').setAttribute('aria-pressed', String(n === this.picked));
    });
    const event = this.picked === undefined ? null : this.annotation.e[this.picked];
    history.replaceState(null, '', address(this.key, this.annotation.w, event && (event.r || event.i)));
    if (event) this.reveal(this.picked);
  }

  reveal(at) {
    const tag = this.drawn && this.drawn.node.querySelector(`.tag[data-e="${at}"]`);
    for (const node of [this.cards[at], tag]) if (node) node.scrollIntoView({ block: 'nearest' });
  }

  step(by) {
    const count = this.annotation.e.length;
    if (count) this.pick(this.picked === undefined ? (by > 0 ? 0 : count - 1) : (this.picked + by + count) % count, true);
  }

  // Events that the filters do not ask for step back.
  dim() {
    this.annotation.e.forEach((event, at) => {
      const status = (event.x.find(([name]) => name === 'status') || [])[1] || '';
      const out = !fits(event.k, status);
      this.cards[at].classList.toggle('dim', out);
      if (this.drawn) this.drawn.node.querySelectorAll(`.tag[data-e="${at}"]`).forEach((x) => x.classList.toggle('dim', out));
    });
  }
}

function legend(annotation) {
  const types = [...new Set(annotation.e.map((event) => event.k))];
  const labels = [...new Set(annotation.m.map((m) => m[0]))];
  return h('p', { class: 'legend' },
    types.map((name) => h('span', { class: 'key', '--k': colour(name), title: about(index.types, name) }, name)),
    labels.map((name) => h('span', { class: 'key line', '--k': colour(name), title: about(index.labels, name) }, name)));
}

class Beside {
  constructor(number, which) {
    this.number = number;
    this.key = ARTICLES[number].k;
    this.data = article(number);
    this.pair = this.data.d[which] || this.data.d[0];
  }

  show() {
    const { t: text, a: annotations, d: pairs } = this.data;
    this.panes = this.pair.p.map((at) => new Drawn(this.key, text, annotations[at], (e) => this.panes.forEach((pane, n) => {
      pane.pick(annotations[this.pair.p[n]] === annotations[at] ? e : undefined);
    })));
    const names = (pair) => pair.p.map((at) => annotations[at].w).join(' and ');
    const choose = h('nav', { class: 'switch', 'aria-label': 'Pairs' }, pairs.map((pair, n) => h('a', {
      class: 'who', href: `#s/${part(this.key)}/${n}`, 'aria-current': pair === this.pair ? 'true' : null,
    }, bdi(names(pair)), ` (${pair.d.length})`)));
    const who = this.pair.p.map((at) => annotations[at].w);
    $('reader').replaceChildren(
      ...head(ARTICLES[this.number], this.data), switcher(this.number, this.data, -1, true), choose,
      h('div', { class: 'beside' }, this.panes.map((pane, n) => h('section', {
        class: 'pane', tabindex: '0', 'aria-label': `annotation of ${who[n]}`,
      }, h('h3', {}, bdi(who[n])), pane.node))),
      h('p', { id: 'told', class: 'soft', role: 'status' }),
      this.list(who));
  }

  list(who) {
    if (!this.pair.d.length) return h('p', {}, 'The two say the same.');
    const go = (sides, item) => {
      item.parentNode.querySelectorAll('.on').forEach((x) => x.classList.remove('on'));
      item.classList.add('on');
      const all = sides.flatMap((side) => side[1]);
      this.panes.forEach((pane, n) => {
        const event = this.data.a[this.pair.p[n]].e.findIndex((x) => x.i === sides[n][2]);
        pane.pick(event < 0 ? undefined : event);
        const first = pane.point(sides[n][1].length ? sides[n][1] : all, this.data.t);
        const box = pane.node.parentNode;
        if (first) box.scrollTop = first.offsetTop - box.clientHeight / 2;
      });
    };
    return h('section', { class: 'differences', 'aria-label': 'Differences' },
      h('h3', {}, `${this.pair.d.length} differences, the weightiest first`),
      h('ol', {}, this.pair.d.map(([kind, message, ...sides]) => {
        const item = h('li', {}, h('button', { type: 'button', class: 'code', onclick: () => go(sides, item) }, kind), ' ', bdi(message),
          h('dl', {}, sides.map((side, n) => [h('dt', {}, bdi(who[n])), h('dd', {}, bdi(side[0]))])));
        return item;
      })));
  }

  step() {}

  dim() {}

  pick() {
    this.panes.forEach((pane) => pane.pick(undefined));
  }
}
