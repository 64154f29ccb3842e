// The events of an annotation as cards: what the text shows, in words.

function wordsOf(text, start, end) {
  const map = places(text);
  const words = map ? text.slice(map[start], map[end]) : text.slice(start, end);
  return words.length > 160 ? `${words.slice(0, 120)} … ${words.slice(-30)}` : words;
}

function card(view, at) {
  const { text, annotation, key } = view;
  const event = annotation.e[at];
  const main = event.g.find((t) => t[2]) || event.g[0];
  const answers = Object.fromEntries(event.x);
  const head = h('h3', {}, h('button', {
    type: 'button', class: 'head', 'aria-pressed': 'false', onclick: () => view.pick(at),
  }, h('span', { class: 'swatch' }), h('span', { class: 'type' }, event.k), ' ',
  text === null ? `${main[0]}–${main[1]}` : bdi(wordsOf(text, main[0], main[1]), 'words')));
  const link = h('a', {
    class: 'link', href: address(key, annotation.w, event.r || event.i), 'aria-label': `link to ${event.i}`,
  }, event.i);
  const shown = ['status', 'polarity'];
  const state = h('p', { class: 'state' }, badge(own(answers, 'status')), ' ',
    own(answers, 'polarity') === 'negative' ? h('span', { class: 'badge' }, 'did not happen') : null,
    event.x.filter(([name]) => !shown.includes(name)).map(([name, value]) => h('span', {
      class: event.d.includes(name) ? 'answer default' : 'answer',
      title: event.d.includes(name) ? 'by default' : null,
    }, h('span', { class: 'soft' }, `${name} `), String(value))));
  return h('li', { class: 'event', '--k': colour(event.k), 'data-e': at, title: about(index.types, event.k) || null },
    head, link, state, fillers(view, event), relations(view, at), notes(event));
}

function fillers(view, event) {
  if (!event.a.length) return null;
  const byRole = new Map();
  for (const row of event.a) byRole.set(row[0], [...(byRole.get(row[0]) || []), row]);
  return h('dl', {}, [...byRole].map(([role, rows]) => [
    h('dt', {}, role),
    h('dd', {}, rows.map(([, mention, byDefault], n) => {
      const [label, start, end] = view.annotation.m[mention];
      return [n ? ', ' : null, h('span', { class: 'mention', '--k': colour(label), title: `${label}${byDefault ? ', role by default' : ''}` },
        view.text === null ? `${start}–${end}` : bdi(wordsOf(view.text, start, end)), byDefault ? '*' : null)];
    })),
  ]));
}

function relations(view, at) {
  const found = view.annotation.l.filter(([, head]) => head === at);
  if (!found.length) return null;
  const tail = (to) => {
    const event = view.annotation.e[to];
    const main = event.g.find((t) => t[2]) || event.g[0];
    return h('a', { href: address(view.key, view.annotation.w, event.r || event.i) },
      `${event.i} ${event.k} `, view.text === null ? null : bdi(`«${wordsOf(view.text, main[0], main[1])}»`));
  };
  return h('p', { class: 'relations' }, found.map(([type, , to], n) => [n ? h('br') : null, `${type} → `, tail(to)]));
}

function notes(event) {
  const found = event.g.map((t) => t[3]).filter((x) => x);
  return found.length ? h('p', { class: 'note' }, 'note: ', bdi(found.join(' / '))) : null;
}

// Every mention, also those that fill no role: drawn when it is asked for.
function mentions(view) {
  const details = h('details', { class: 'mentions' }, h('summary', {}, `All ${view.annotation.m.length} mentions`));
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('ol')) return;
    details.append(h('ol', {}, view.annotation.m.map(([label, start, end], at) => h('li', {},
      h('span', { class: 'mention', '--k': colour(label) },
        view.text === null ? `${start}–${end}` : bdi(wordsOf(view.text, start, end))),
      ' ', h('span', { class: 'soft' }, view.drawn ? view.drawn.mentionWords(at) : label)))));
  });
  return details;
}

function findingsList(view, found) {
  if (!found.length) return null;
  const go = (f) => {
    const at = view.annotation.e.findIndex((event) => event.i === f.e);
    if (at >= 0) view.pick(at);
    const first = view.drawn && f.o ? view.drawn.point([f.o], view.text) : null;
    if (first) first.scrollIntoView({ block: 'center' });
  };
  return h('section', { class: 'findings', 'aria-label': 'Findings' }, h('h3', {}, `Findings (${found.length})`),
    h('ul', {}, found.map((f) => h('li', { class: f.v },
      h('button', { type: 'button', class: 'code', onclick: () => go(f) }, f.c), ' ', bdi(f.m), ' ',
      h('span', { class: 'soft' }, f.w ? bdi(`${f.w}, `) : null, f.p ? bdi(f.p) : null),
      f.h ? h('p', { class: 'hint' }, bdi(f.h)) : null))));
}
