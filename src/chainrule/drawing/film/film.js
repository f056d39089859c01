"use strict";
// The page shows iteration 0 as it is; this moves it. All numbers are the training's own: five
// of type float32 for each picture, which are w0, w1, b, the loss and the accuracy.
const film = JSON.parse(document.getElementById("film").textContent);
const at = id => document.getElementById(id);
const floats = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
const frames = floats(film.frames), points = floats(film.points);
const end = frames.length / 5 - 1;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const speeds = [...at("speed").options].map(option => +option.value);

let now = 0;          // which picture is shown
let place = 0;        // where the film is, between pictures too
let playing = false;
let then = 0, shown = 0, telling = 0;

const iteration = n => Math.min(n * film.stride, film.last);
const filled = (text, parts) => text.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
// Where a scale of Python's puts a number: [its value at one end, pixels there, pixels for one].
const put = ([from, start, by], value) => start + (value - from) * by;
const signed = number =>
  (Math.abs(number) < 1e5 ? number.toFixed(2) : number.toExponential(2)).replace("-", "−");

// The two ends of the line w0 x + w1 y + b = 0 in the square, and the corners of the side above 0.
function sides(w0, w1, b) {
  const [low, high] = film.limits;
  const corners = [[low, low], [high, low], [high, high], [low, high]];
  const values = corners.map(([x, y]) => w0 * x + w1 * y + b);
  const line = [], above = [];
  corners.forEach(([x, y], n) => {
    const m = (n + 1) % 4, here = values[n], there = values[m];
    if (here >= 0) above.push([x, y]);
    if ((here >= 0) !== (there >= 0)) {
      const part = here / (here - there);
      const cut = [x + part * (corners[m][0] - x), y + part * (corners[m][1] - y)];
      line.push(cut);
      above.push(cut);
    }
  });
  return [line, above];
}

const path = corners => corners.length
  ? "M" + corners.map(([x, y]) => put(film.x, x).toFixed(1) + " " + put(film.y, y).toFixed(1)).join("L")
  : "";

// A ring for each point on the wrong side; those of class 0 come first.
function rings(w0, w1, b) {
  let d = "", count = 0;
  for (let n = 0; n < points.length; n += 2) {
    const isAbove = w0 * points[n] + w1 * points[n + 1] + b >= 0;
    if (isAbove !== n >= points.length / 2) {
      count += 1;
      d += "M" + (put(film.x, points[n]) - 6.5).toFixed(1) + " " + put(film.y, points[n + 1]).toFixed(1)
        + "a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0";
    }
  }
  return [d, count];
}

function curve(which, scale) {
  let d = "";
  for (let n = 0; n <= end; n += 1) {
    d += (n ? "L" : "M") + put(film.time, iteration(n)).toFixed(1) + " "
      + put(scale, frames[n * 5 + which]).toFixed(1);
  }
  return d;
}

function show(n) {
  now = n;
  const [w0, w1, b, loss, accuracy] = frames.subarray(n * 5, n * 5 + 5);
  const [line, above] = sides(w0, w1, b), side = path(above);
  const [ringed, count] = rings(w0, w1, b);
  at("side").setAttribute("d", side);
  at("tint").setAttribute("d", side);
  at("decision").setAttribute("d", path(line));
  at("wrong").setAttribute("d", ringed);
  const x = put(film.time, iteration(n)).toFixed(1);
  at("past").setAttribute("width", x);
  for (const [id, scale, value] of [["loss", film.loss, loss], ["accuracy", film.accuracy, accuracy]]) {
    at(id + "-now").setAttribute("cx", x);
    at(id + "-now").setAttribute("cy", put(scale, value).toFixed(1));
  }
  at("n-iteration").textContent = iteration(n);
  at("n-loss").textContent = loss.toFixed(4);
  at("n-accuracy").textContent = (accuracy * 100).toFixed(1) + "%";
  at("n-w0").textContent = signed(w0);
  at("n-w1").textContent = signed(w1);
  at("n-b").textContent = signed(b);
  at("seek").value = n;
  at("seek").setAttribute("aria-valuetext", filled(film.texts.place, parts()));
}

function parts() {
  const [loss, accuracy] = frames.subarray(now * 5 + 3, now * 5 + 5);
  const all = points.length / 2, wrong = all - Math.round(accuracy * all);
  return {
    n: iteration(now), last: film.last, loss: loss.toFixed(4),
    accuracy: (accuracy * 100).toFixed(1) + "%", wrong, all,
  };
}

// For those who listen: where the film stands, once it stands still for a moment.
function tell() {
  clearTimeout(telling);
  telling = setTimeout(() => { at("told").textContent = filled(film.texts.told, parts()); }, 250);
}

function go(n) {
  pause();
  place = Math.min(end, Math.max(0, n));
  show(place);
  tell();
}

function play() {
  if (playing) return;
  if (now >= end) place = 0;
  playing = true;
  then = shown = performance.now();
  show(Math.floor(place));
  label();
  clearTimeout(telling);
  requestAnimationFrame(tick);
}

function pause() {
  if (!playing) return;
  playing = false;
  place = now;
  label();
  tell();
}

function label() {
  at("play-said").textContent = playing ? film.texts.pause : film.texts.play;
  at("play").querySelector("path").setAttribute("d", playing ? "M4 2h3v12H4zM9 2h3v12H9z" : "M4 2v12L14 8z");
}

function tick(time) {
  if (!playing) return;
  // A page that was hidden takes up where it was.
  place += Math.min(100, Math.max(0, time - then)) / 1000 * at("speed").value / film.stride;
  then = time;
  if (place >= end) {
    place = end;
    show(end);
    pause();
    return;
  }
  // Who wants little motion gets two pictures a second.
  if (!calm.matches || time - shown >= 500) {
    shown = time;
    if (Math.floor(place) !== now) show(Math.floor(place));
  }
  requestAnimationFrame(tick);
}

function faster(by) {
  const n = speeds.indexOf(+at("speed").value) + by;
  if (n >= 0 && n < speeds.length) at("speed").value = speeds[n];
}

at("play").addEventListener("click", () => playing ? pause() : play());
at("rewind").addEventListener("click", () => go(0));
at("back").addEventListener("click", () => go(now - 1));
at("forward").addEventListener("click", () => go(now + 1));
at("seek").addEventListener("input", event => go(+event.target.value));
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const on = event.target.tagName;
  const step = event.shiftKey ? 10 : 1;
  const keys = {
    " ": () => playing ? pause() : play(),
    ArrowLeft: () => go(now - step), ArrowRight: () => go(now + step),
    Home: () => go(0), End: () => go(end),
    "+": () => faster(1), "=": () => faster(1), "-": () => faster(-1), "_": () => faster(-1),
  };
  // A button is pressed by the space bar, and a list is opened and walked by these keys itself.
  if (!(event.key in keys) || on === "SELECT") return;
  if (event.key === " " && (on === "BUTTON" || on === "SUMMARY")) return;
  event.preventDefault();
  keys[event.key]();
});

at("loss").setAttribute("d", curve(3, film.loss));
at("accuracy").setAttribute("d", curve(4, film.accuracy));
show(0);
