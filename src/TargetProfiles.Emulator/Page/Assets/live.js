"use strict";

// Ids, names and values are whatever somebody sent: they reach the page as text only, never as markup.
const interval = 1000;
const byId = id => document.getElementById(id);
const number = value => value.toLocaleString("en-US");
const time = value => new Date(value).toISOString().slice(11, 19);

let find = "";
let paused = false;
let asking = 0;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
}

function show(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

// Only rows that have changed are made anew, so that a selection or the reading position is kept.
function fill(body, items, keyOf, rowOf) {
  const known = new Map([...body.rows].map(row => [row.dataset.key, row]));
  const rows = items.map(item => {
    const key = keyOf(item);
    const state = JSON.stringify(item);
    const old = known.get(key);
    if (old && old.dataset.state === state) return old;
    const row = rowOf(item);
    row.dataset.key = key;
    row.dataset.state = state;
    return row;
  });
  if (rows.length !== body.rows.length || rows.some((row, at) => row !== body.rows[at])) body.replaceChildren(...rows);
}

function rowOf(...cells) {
  const row = element("tr");
  row.append(...cells);
  return row;
}

function rowHeader(className, text) {
  const header = element("th", className, text);
  header.scope = "row";
  return header;
}

function cellOf(className, ...children) {
  const cell = element("td", className);
  cell.append(...children);
  return cell;
}

function outcomeBar(batch) {
  const svg = "http://www.w3.org/2000/svg";
  const bar = document.createElementNS(svg, "svg");
  bar.setAttribute("class", "bar");
  bar.setAttribute("viewBox", "0 0 100 10");
  bar.setAttribute("preserveAspectRatio", "none");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", `${number(batch.successful)} updated, ${number(batch.notFound)} not found, ${number(batch.failed)} failed, of ${number(batch.rows)} ${batch.rows === 1 ? "row" : "rows"}`);
  let start = 0;
  for (const [className, count] of [["good", batch.successful], ["wait", batch.notFound], ["bad", batch.failed]]) {
    const width = batch.rows === 0 ? 0 : 100 * count / batch.rows;
    const part = document.createElementNS(svg, "rect");
    part.setAttribute("class", className);
    part.setAttribute("x", start);
    part.setAttribute("width", width);
    part.setAttribute("height", 10);
    bar.append(part);
    start += width;
  }
  return bar;
}

function batchRow(batch) {
  const name = rowHeader("id batch", batch.batchId);
  name.append(element("span", "note", `bulk v${batch.version}, by ${batch.idType}`));
  const status = cellOf("", element("span", `state ${batch.status}`, batch.status), outcomeBar(batch));
  if (!batch.hasStatus) status.append(element("span", "note", "no longer told"));
  const failed = element("td", "number", number(batch.failed));
  if (batch.failedIds.length > 0) failed.append(element("span", "note id", batch.failedIds.join(", ")));
  return rowOf(
    name, element("td", "when", time(batch.submittedAt)), status, element("td", "number", number(batch.rows)),
    element("td", "number", number(batch.successful)), element("td", "number", number(batch.notFound)), failed);
}

function profileRow(profile) {
  const list = element("ul", "attributes");
  for (const [name, value] of Object.entries(profile.attributes)) {
    const entry = element("li");
    entry.append(element("b", "", `${name}: `), value);
    list.append(entry);
  }
  return rowOf(
    rowHeader("id", profile.thirdPartyId ?? "none"), element("td", "id", profile.pcId), element("td", "id", profile.ecid ?? "none"),
    element("td", "when", time(profile.modifiedAt)), cellOf("", list));
}

function requestRow(request) {
  const reply = cellOf("", element("span", `state ${request.statusCode >= 200 && request.statusCode < 300 ? "ok" : "error"}`, request.statusCode || "none"));
  if (request.fault) reply.append(element("span", "note", request.fault));
  return rowOf(
    element("td", "number", request.number), element("td", "when", time(request.receivedAt)),
    rowHeader("id", `${request.method} ${request.target}`), element("td", "number", number(request.bodyLength)), reply);
}

function control(item) {
  if (item.kind === "choice") {
    const list = element("select");
    for (const choice of item.choices) list.append(new Option(choice.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase(), choice));
    return list;
  }
  const input = element("input");
  if (item.kind === "flag") {
    input.type = "checkbox";
  } else if (item.kind === "secret") {
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
  } else {
    input.type = "number";
    input.min = item.least;
    if (item.most !== undefined) input.max = item.most;
    input.step = item.whole ? 1 : "any";
    input.required = !item.optional;
  }
  return input;
}

function valueOf(item, input) {
  if (item.kind === "flag") return input.checked;
  if (item.kind === "choice") return input.value;
  if (item.kind === "secret") return input.value === "" ? null : input.value;
  return input.value === "" ? null : Number(input.value);
}

// What is being typed is left alone.
function showValue(item, input) {
  if (document.activeElement === input && item.kind !== "flag") return;
  if (item.kind === "flag") input.checked = item.value;
  else if (item.kind === "secret") input.placeholder = item.value ? "required; empty: not any more" : "not required";
  else input.value = item.value ?? "";
}

function makeSwitch(item) {
  const row = element("div", item.kind === "choice" || item.kind === "secret" ? "switch wide" : "switch");
  const label = element("label", "", item.kind === "seconds" ? `${item.label}, in seconds` : item.label);
  const input = control(item);
  input.id = `switch-${item.name}`;
  label.htmlFor = input.id;
  if (item.optional && item.kind !== "secret") input.placeholder = "none";
  input.addEventListener("change", () => {
    if (input.reportValidity()) turn(item, input);
  });
  row.append(label, input);
  return row;
}

function showSwitches(switches) {
  const groups = byId("switchGroups");
  if (groups.childElementCount === 0) {
    for (const name of new Set(switches.map(item => item.group))) {
      const group = element("fieldset", "card");
      group.append(element("legend", "", name), ...switches.filter(item => item.group === name).map(makeSwitch));
      groups.append(group);
    }
  }
  for (const item of switches) showValue(item, byId(`switch-${item.name}`));
}

function display(state) {
  show("clientCode", state.clientCode);
  show("endpoint", state.endpoint);
  show("statusEndpoint", state.statusEndpoint);
  show("now", `${state.now.slice(0, 10)} ${time(state.now)} UTC`);
  show("profileCount", number(state.profileCount));
  for (const status of ["incomplete", "complete", "stuck"]) show(status, number(state.batchCounts[status]));
  byId("stuck").parentElement.classList.toggle("alarm", state.batchCounts.stuck > 0);
  show("calls", number(state.callsInLastMinute));
  fill(byId("batchRows"), state.batches, batch => batch.batchId, batchRow);
  fill(byId("requestRows"), state.requests, request => String(request.number), requestRow);
  byId("noBatches").hidden = state.batches.length > 0;
  byId("noRequests").hidden = state.requests.length > 0;
  showSwitches(state.switches);
}

function displayProfiles(state) {
  fill(byId("profileRows"), state.profiles, profile => profile.pcId, profileRow);
  show("found", find !== ""
    ? state.profiles.length === 0 ? `No profile has the id ${find}.` : `Found by ${find}.`
    : state.profiles.length < state.profileCount ? `The latest ${state.profiles.length} of ${number(state.profileCount)} profiles.` : "");
}

function showLink(isUp) {
  const link = byId("link");
  link.className = `link ${paused ? "" : isUp ? "up" : "down"}`;
  show("link", paused ? "Paused" : isUp ? "Live" : "The emulator does not answer");
}

async function refresh() {
  const asked = ++asking;
  try {
    const reply = await fetch(`/_emulator/state?find=${encodeURIComponent(find)}`, { cache: "no-store" });
    const state = await reply.json();
    // A later question may have been answered first.
    if (asked !== asking) return;
    display(state);
    displayProfiles(state);
    showLink(true);
  } catch {
    showLink(false);
  }
}

function say(text, isProblem) {
  byId("said").className = isProblem ? "hint problem" : "hint said";
  show("said", text);
}

async function command(path, body, done) {
  try {
    const reply = await fetch(path, {
      method: "POST",
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (reply.ok) say(done, false);
    else say((await reply.json()).message, true);
  } catch {
    say("The emulator does not answer.", true);
  }
  await refresh();
}

async function turn(item, input) {
  await command("/_emulator/switches", { name: item.name, value: valueOf(item, input) }, `${item.label}: changed.`);
  if (item.kind === "secret") input.value = "";
}

byId("search").addEventListener("submit", event => {
  event.preventDefault();
  find = byId("find").value.trim();
  refresh();
});
byId("find").addEventListener("input", event => {
  if (event.target.value === "" && find !== "") {
    find = "";
    refresh();
  }
});
byId("advance").addEventListener("submit", event => {
  event.preventDefault();
  const seconds = byId("seconds").value;
  command(`/_emulator/clock/advance?seconds=${encodeURIComponent(seconds)}`, undefined, `The clock is ${seconds} s further.`);
});
byId("process").addEventListener("click", () => command("/_emulator/process", undefined, "Waiting batches are processed."));
byId("pause").addEventListener("click", event => {
  paused = !paused;
  event.target.setAttribute("aria-pressed", String(paused));
  event.target.textContent = paused ? "Continue" : "Pause";
  showLink(true);
  if (!paused) refresh();
});

refresh();
setInterval(() => {
  if (!paused && !document.hidden) refresh();
}, interval);
