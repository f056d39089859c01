"use strict";
// The picture is whole, as it is without this program; here parts of it are hidden until the walk
// has come to them. What stands where was reckoned before: a step only looks it up.
const walk = JSON.parse(document.getElementById("walk").textContent);
const at = id => document.getElementById(id);
const picture = document.querySelector(".picture svg");
const all = (selector, root = picture) => [...root.querySelectorAll(selector)];
const last = walk.steps.length - 1;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const pause = 2200; // milliseconds between steps while it plays

const nodes = new Map(all("[data-node]").map(node => [node.dataset.node, node]));
const edges = all("[data-edge]");
const entries = all("li button", document);
// What flows back stands behind a sign, which is kept.
const gradients = all('[data-part="gradient"]').map(text => ({
  text, sign: text.textContent.slice(0, 2), whole: text.textContent,
  changes: walk.gradients[text.closest("[data-node]").dataset.node] || [],
}));

let now = 0;
let timer = 0;

function show(n) {
  now = Math.max(0, Math.min(last, n));
  const step = walk.steps[now];
  for (const [key, node] of nodes) {
    const waiting = !(now >= walk.values[key]);
    node.classList.toggle("now", step.nodes.includes(key));
    node.classList.toggle("waiting", waiting);
    for (const text of all('[data-part="value"]', node)) text.classList.toggle("later", waiting);
  }
  for (const edge of edges) {
    const key = edge.dataset.edge;
    edge.classList.toggle("now", step.edges.includes(key));
    if (edge.dataset.part === "flow") // with the paper under it
      edge.parentElement.classList.toggle("later", !(now >= walk.flows[key]));
  }
  for (const { text, sign, whole, changes } of gradients) {
    const arrived = changes.filter(([from]) => from <= now).pop();
    text.classList.toggle("later", !arrived);
    text.textContent = arrived && arrived[1] ? sign + arrived[1] : whole;
  }
  const phase = document.createElement("b");
  phase.textContent = step.phase;
  at("caption").replaceChildren(phase, " ", step.caption);
  at("place").textContent = walk.texts.place.replace("{n}", now + 1).replace("{last}", last + 1);
  entries.forEach((entry, k) =>
    k === now ? entry.setAttribute("aria-current", "step") : entry.removeAttribute("aria-current"));
  for (const [ids, off] of [[["first", "back"], now === 0], [["forward", "last"], now === last]])
    for (const id of ids) at(id).setAttribute("aria-disabled", off);
}

// A large picture is moved until the step is seen.
function follow() {
  const node = nodes.get(walk.steps[now].nodes[0]);
  const behavior = calm.matches ? "auto" : "smooth";
  if (node) node.scrollIntoView({ block: "nearest", inline: "nearest", behavior });
}

function go(n) {
  stop();
  show(n);
  follow();
}

function play() {
  if (timer) return stop();
  if (now === last) show(0);
  timer = setInterval(() => {
    show(now + 1);
    follow();
    if (now === last) stop();
  }, pause);
  label();
}

function stop() {
  clearInterval(timer);
  timer = 0;
  label();
}

function label() {
  at("play").textContent = timer ? "❚❚ " + walk.texts.pause : "▶ " + walk.texts.play;
}

const ways = {
  first: () => go(0), back: () => go(now - 1), play, forward: () => go(now + 1), last: () => go(last),
};
for (const [id, way] of Object.entries(ways)) at(id).addEventListener("click", way);
entries.forEach((entry, k) => entry.addEventListener("click", () => go(k)));

const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last", " ": "play" };
document.addEventListener("keydown", event => {
  const way = keys[event.key];
  if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === " " && event.target.closest("button, summary")) return; // it presses that
  event.preventDefault();
  ways[way]();
});

show(0);
