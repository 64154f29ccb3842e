// An annotation drawn in the text: triggers are tinted, mentions underlined in lanes, the rest is as it is.

const tint = (name, share) => `color-mix(in srgb, ${colour(name)} ${share}%, transparent)`;

// Words in a span, which gives its line its height, and line ends bare: an empty line stays low.
function plain(words) {
  return words.split(/(\n+)/).filter((x) => x).map((x) => (x[0] === '\n' ? x : h('span', {}, x)));
}

class Drawn {
  constructor(key, text, annotation, onpick) {
    this.key = key;
    this.annotation = annotation;
    this.spans = spansOf(text, annotation);
    this.lanes = setLanes(this.spans);
    this.pieces = cut(text, this.spans);
    this.onpick = onpick;
    this.marked = []; // the pieces that stand out now
    this.arcs = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    this.arcs.setAttribute('class', 'arcs');
    this.arcs.setAttribute('aria-hidden', 'true');
    // no dir=auto, which reads all the text again with each piece: the style gives each line its direction
    this.node = h('div', { class: 'text', '--lanes': this.lanes });
    for (const piece of this.pieces) this.node.append(...this.piece(piece, text));
    this.node.append(this.arcs);
    this.node.addEventListener('click', (event) => this.clicked(event));
    this.node.addEventListener('pointerover', (event) => this.hovered(event));
    this.node.addEventListener('pointerleave', () => this.fixed === undefined && this.show(null));
  }

  piece(piece, text) {
    const words = text.slice(piece.s, piece.e);
    if (!piece.over.length) return plain(words);
    const node = h('span', { class: 'seg', title: this.told(piece.over) }, words);
    piece.node = node;
    node.piece = piece;
    this.paint(piece);
    return [node, ...piece.ends.map((x) => this.tag(x.at))];
  }

  told(over) {
    return over.map((x) => (x.kind === 't' ? this.eventWords(x.at) : this.mentionWords(x.at))).join('\n');
  }

  eventWords(at) {
    const event = this.annotation.e[at];
    const status = (event.x.find(([name]) => name === 'status') || [])[1];
    return `${event.k} ${event.i}, ${status || 'no status'}`;
  }

  mentionWords(at) {
    const [label, , , entity, answers, note] = this.annotation.m[at];
    const wikidata = entity && own(this.annotation.q, entity);
    const more = Object.entries(answers || {}).map(([name, value]) => `${name} ${value}`);
    return [label, entity, wikidata, ...more, note && `note: ${note}`].filter((x) => x).join(' · ');
  }

  // Layers from the top: a line for each mention in its lane, then bands for the triggers.
  paint(piece, role) {
    const layers = [];
    for (const x of piece.over) {
      if (x.kind !== 'm') continue;
      const k = colour(this.annotation.m[x.at][0]);
      const y = `calc(100% - ${(this.lanes - 1 - x.lane) * 4}px)`;
      layers.push(`linear-gradient(${k}, ${k}) 0 ${y} / 100% 2px no-repeat`);
    }
    const triggers = piece.over.filter((x) => x.kind === 't');
    const bands = triggers.map((x, n) => {
      const [from, to] = [n, n + 1].map((part_) => `${(100 * part_) / triggers.length}%`);
      return `${tint(this.annotation.e[x.at].k, role === 'trigger' ? 48 : 26)} ${from} ${to}`;
    });
    if (bands.length) layers.push(`linear-gradient(${bands.join(', ')}) 0 0 / 100% calc(100% - ${this.lanes * 4 - 2}px) no-repeat`);
    piece.node.style.background = layers.join(', ');
    piece.node.classList.toggle('trigger', triggers.length > 0);
  }

  tag(at) {
    const event = this.annotation.e[at];
    const status = (event.x.find(([name]) => name === 'status') || [])[1];
    const contested = index.contested.includes(status);
    return h('a', {
      href: address(this.key, this.annotation.w, event.r || event.i), class: contested ? 'tag contested' : 'tag',
      '--k': colour(event.k), 'aria-label': this.eventWords(at), 'data-e': at,
      onclick: (e) => { e.preventDefault(); e.stopPropagation(); this.onpick(at); },
    }, event.i + (own(STATUS_SIGN, status) || ''));
  }

  clicked(event) {
    const piece = event.target.piece;
    if (!piece) return;
    const here = piece.over.filter((x) => x.kind === 't').map((x) => x.at);
    if (here.length) this.onpick(here[(here.indexOf(this.fixed) + 1) % here.length]);
    else $('told').textContent = this.told(piece.over);
  }

  hovered(event) {
    if (this.fixed !== undefined || event.pointerType === 'touch') return;
    const over = event.target.piece && event.target.piece.over.filter((x) => x.kind === 't');
    this.show(over && over.length ? over[over.length - 1].at : null);
  }

  // Pins an event (undefined: none): its triggers and arguments stand out, and lines join them.
  pick(at) {
    this.fixed = at;
    this.show(at === undefined ? null : at);
  }

  show(at) {
    if (this.shown === at) return;
    this.shown = at;
    const event = at === null ? null : this.annotation.e[at];
    const roles = new Map();
    for (const [role, mention, byDefault] of event ? event.a : []) {
      roles.set(mention, [...(roles.get(mention) || []), byDefault ? `${role}*` : role]);
    }
    const told = new Set();
    const now = this.pieces.filter((p) => p.over.some((x) => (x.kind === 't' ? x.at === at : roles.has(x.at))));
    for (const piece of new Set([...this.marked, ...now])) this.mark(piece, at, roles, told);
    this.marked = now;
    this.node.classList.toggle('picked', event !== null);
    this.draw();
  }

  mark(piece, at, roles, told) {
    const trigger = piece.over.some((x) => x.kind === 't' && x.at === at);
    const fillers = piece.over.filter((x) => x.kind === 'm' && roles.has(x.at));
    this.paint(piece, trigger ? 'trigger' : undefined);
    piece.node.classList.toggle('on', trigger);
    piece.node.classList.toggle('filler', fillers.length > 0);
    piece.node.style.setProperty('--k', at === null ? '' : colour(this.annotation.e[at].k));
    const begun = fillers.filter((x) => !told.has(x.at));
    for (const x of begun) told.add(x.at);
    if (begun.length) piece.node.dataset.role = begun.flatMap((x) => roles.get(x.at)).join(', ');
    else delete piece.node.dataset.role;
  }

  // Lines from each argument to the trigger that is nearest to it, and role names that do not cover one another.
  draw() {
    this.arcs.replaceChildren();
    const at = this.shown;
    if (at === null || at === undefined) return;
    const box = this.node.getBoundingClientRect();
    const rect = (piece) => piece.node.getClientRects()[0];
    const triggers = this.pieces.filter((p) => p.node && p.over.some((x) => x.kind === 't' && x.at === at));
    const fillers = this.pieces.filter((p) => p.node && p.node.dataset.role);
    if (!triggers.length) return;
    stagger(fillers, rect);
    for (const filler of fillers) {
      const far = (p) => Math.abs(p.s - filler.s);
      const [x, y] = top(rect(triggers.reduce((a, b) => (far(b) < far(a) ? b : a))), box);
      const [u, v] = top(rect(filler), box);
      const lift = Math.min(y, v) - 12 - Math.min(30, Math.abs(u - x) / 12);
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      path.setAttribute('d', `M${x},${y} C${x},${lift} ${u},${lift} ${u},${v}`);
      path.style.stroke = colour(this.annotation.e[at].k);
      this.arcs.append(path);
    }
  }

  // Spans in code points that somebody points at: outlined; returns the first piece.
  point(ranges, text) {
    const map = places(text);
    const found = ranges.map(([s, e]) => (map ? [map[s], map[e]] : [s, e]));
    let first = null;
    for (const piece of this.pieces) {
      if (!piece.node) continue;
      const hit = found.some(([s, e]) => piece.s < e && s < piece.e);
      piece.node.classList.toggle('pointed', hit);
      if (hit && !first) first = piece.node;
    }
    return first;
  }
}

const top = (rect, box) => [rect.left + Math.min(rect.width, 90) / 2 - box.left, rect.top - box.top + 3];

// A role's name that would cover the one before it on its line goes above that.
function stagger(fillers, rect) {
  let before = null;
  for (const { node } of fillers) {
    const { left, top: y } = rect({ node });
    const covers = before && Math.abs(before.y - y) < 6 && left < before.right;
    const level = covers ? Math.min(2, before.level + 1) : 0;
    node.style.setProperty('--level', level);
    before = { y, level, right: left + node.dataset.role.length * 6.5 };
  }
}
