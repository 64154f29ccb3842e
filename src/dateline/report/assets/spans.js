// From offsets in code points to pieces of the text, each with the spans that lie over it.

const LANES = 5; // underlines below one another; what is nested deeper shares the last one
const OVER = 12; // spans over one piece that are told of

// Where each code point begins in JavaScript's string; null where it is the same number.
function places(text) {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return null;
  const found = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at) > 0xffff ? 2 : 1) found.push(at);
  found.push(text.length);
  return found;
}

// All triggers and mentions as {s, e, kind, at}, in JavaScript's positions, without those that lie outside.
function spansOf(text, annotation) {
  const map = places(text);
  const length = map ? map.length - 1 : text.length;
  const found = [];
  const add = (start, end, kind, at, more) => {
    const s = Math.max(0, Math.min(start, length));
    const e = Math.max(0, Math.min(end, length));
    if (s < e) found.push({ s: map ? map[s] : s, e: map ? map[e] : e, kind, at, ...more });
  };
  annotation.m.forEach((m, at) => add(m[1], m[2], 'm', at));
  annotation.e.forEach((event, at) => event.g.forEach((t) => add(t[0], t[1], 't', at, { main: t[2] })));
  return found;
}

// Puts a span into a lane, whose spans lie one after another, if there is room for it.
function enter(lane, span) {
  let [low, high] = [0, lane.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane[middle].s < span.s) low = middle + 1;
    else high = middle;
  }
  if ((low && lane[low - 1].e > span.s) || (low < lane.length && lane[low].s < span.e)) return false;
  lane.splice(low, 0, span);
  return true;
}

// Gives each mention a lane: the shorter lies above the longer, and none in a lane overlaps another.
function setLanes(spans) {
  const lanes = Array.from({ length: LANES }, () => []);
  const mentions = spans.filter((x) => x.kind === 'm').sort((a, b) => a.e - a.s - (b.e - b.s) || a.s - b.s);
  let used = 0;
  for (const span of mentions) {
    const free = lanes.findIndex((lane) => enter(lane, span));
    span.lane = free < 0 ? LANES - 1 : free;
    used = Math.max(used, span.lane + 1);
  }
  return used;
}

// The text cut wherever a span begins or ends: [{s, e, over: [spans], ends: [triggers that end here]}].
function cut(text, spans) {
  const bounds = [...new Set([0, text.length, ...spans.flatMap((x) => [x.s, x.e])])].sort((a, b) => a - b);
  const begin = new Map();
  for (const span of spans) begin.set(span.s, [...(begin.get(span.s) || []), span]);
  let active = [];
  const pieces = [];
  for (let n = 0; n + 1 < bounds.length; n += 1) {
    const [s, e] = [bounds[n], bounds[n + 1]];
    active = active.filter((x) => x.e > s).concat(begin.get(s) || []);
    const ends = active.filter((x) => x.e === e && x.kind === 't');
    pieces.push({ s, e, over: active.slice(-OVER), ends });
  }
  return pieces;
}
