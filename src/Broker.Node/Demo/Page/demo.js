import { Client } from "./client.js";

const APP = "demo";
const CHANNEL = "lobby";
const FRAMES_KEPT = 200;
const MESSAGES_KEPT = 500;

const element = (id) => document.getElementById(id);
const client = new Client(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/rpc`);
const members = new Map();

let name = sessionStorage.getItem("name") ?? randomName();
let position = null;   // of the last event seen: what a reconnect recovers from
let retryAt = null;

// --- the conversation with the node --------------------------------------------------------------------------------

async function enter() {
  status("wait", "Connecting");
  await client.call("connect", { app: APP, user: name });
  const missedFrom = position;
  const result = await client.call("subscribe", {
    channel: CHANNEL,
    presence: { info: { since: Date.now() } },
    ...(missedFrom && { since: missedFrom }),
  });
  const { members: present } = await client.call("presence", { channel: CHANNEL });
  members.clear();
  present.forEach(({ user }) => members.set(user, true));
  showMembers();
  client.settled();
  status("on", "Connected");
  if (missedFrom === null) {
    position = { epoch: result.epoch, offset: result.offset };
    await showHistory(result);
  } else if (result.recovered) {
    const missed = result.offset - missedFrom.offset;
    note(missed === 0 ? "Back, nothing missed" : `Back, and caught up on ${missed} missed`, "recovered");
  } else {
    position = { epoch: result.epoch, offset: result.offset };
    note("Back, but what was said meanwhile is gone", "lost");
  }
}

async function showHistory() {
  const { events } = await client.call("history", { channel: CHANNEL, limit: 20, direction: "backward" });
  const shown = events.filter(({ event }) => event === "said").reverse();
  if (shown.length > 0) {
    shown.forEach(({ data }) => showMessage(data));
    note("that was said before you came");
  }
}

const notifications = {
  event({ channel, event, data, epoch, offset }) {
    if (channel !== CHANNEL) {
      return;
    }

    if (epoch !== undefined) {
      position = { epoch, offset };
    }

    if (event === "said") {
      showMessage(data);
    }
  },
  joined({ user }) {
    if (!members.has(user)) {
      members.set(user, true);
      showMembers();
      note(`${user} joined`);
    }
  },
  left({ user }) {
    if (members.delete(user)) {
      showMembers();
      note(`${user} left`);
    }
  },
  reset({ epoch, offset }) {
    position = { epoch, offset };
    note("The channel began anew", "lost");
  },
};

client.addEventListener("open", () => {
  retryAt = null;
  enter().catch((problem) => status("off", problem.message));
});
client.addEventListener("notification", ({ detail }) => notifications[detail.method]?.(detail.params));
client.addEventListener("frame", ({ detail }) => showFrame(detail.direction, detail.text));
client.addEventListener("closed", ({ detail }) => {
  showFrame("event", `closed with ${detail.code}${detail.reason && `: ${detail.reason}`}`);
  members.clear();
  showMembers();
  retryAt = detail.retryAt;
  showRetry();
});

// --- what the user does --------------------------------------------------------------------------------------------

element("composer").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const text = element("text").value.trim();
  if (text === "") {
    return;
  }

  try {
    element("text").value = "";
    await client.call("publish", { channel: CHANNEL, event: "said", data: { from: name, text } });
  } catch (problem) {
    element("text").value = text;
    note(`Not sent: ${problem.message}`, "lost");
  }
});

element("rename").addEventListener("submit", (submit) => {
  submit.preventDefault();
  element("name").blur();
});

element("name").addEventListener("change", async () => {
  const wanted = element("name").value.trim();
  if (wanted === "" || wanted === name) {
    element("name").value = name;
    return;
  }

  name = wanted;
  sessionStorage.setItem("name", name);
  try {
    await client.call("unsubscribe", { channel: CHANNEL });
    await enter();
  } catch {
    // Not connected: the new name goes with the next connect.
  }
});

element("retry").addEventListener("click", () => client.connect());

// --- what the user sees --------------------------------------------------------------------------------------------

function showMessage({ from, text }) {
  const item = document.createElement("li");
  item.className = from === name ? "said mine" : "said";
  item.style.setProperty("--hue", hue(String(from)));
  const who = document.createElement("span");
  who.className = "who";
  who.textContent = from;
  item.append(who, String(text));
  append(element("messages"), item, MESSAGES_KEPT);
}

function note(text, kind = "") {
  const item = document.createElement("li");
  item.className = `note ${kind}`;
  item.textContent = text;
  append(element("messages"), item, MESSAGES_KEPT);
}

function showFrame(direction, text) {
  const item = document.createElement("li");
  item.className = direction;
  const time = document.createElement("time");
  time.textContent = new Date().toTimeString().slice(0, 8);
  const body = document.createElement("span");
  body.textContent = text;
  item.append(time, body);
  append(element("frames"), item, FRAMES_KEPT);
}

function showMembers() {
  const items = [...members.keys()].sort((a, b) => (b === name) - (a === name) || a.localeCompare(b)).map((user) => {
    const item = document.createElement("li");
    item.dataset.initial = [...user][0].toUpperCase();
    item.style.setProperty("--hue", hue(user));
    item.append(user);
    if (user === name) {
      const you = document.createElement("span");
      you.className = "you";
      you.textContent = "you";
      item.append(you);
    }

    return item;
  });
  element("members").replaceChildren(...items);
  element("count").textContent = items.length > 0 ? items.length : "";
}

function status(state, text) {
  retryAt = state === "wait" ? retryAt : null;
  element("status").dataset.state = state;
  element("status-text").textContent = text;
  element("retry").hidden = true;
}

function showRetry() {
  if (retryAt === null) {
    status("off", "Closed for good");
    return;
  }

  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  status("wait", seconds > 0 ? `Reconnecting in ${seconds} s` : "Reconnecting");
  element("retry").hidden = seconds === 0;
}

setInterval(() => {
  if (retryAt !== null && element("status").dataset.state === "wait" && retryAt > Date.now() - 1000) {
    showRetry();
  }
}, 250);

/** Adds at the end, forgets the oldest, and stays at the bottom for those who were there. */
function append(list, item, kept) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(item);
  while (list.children.length > kept) {
    list.firstElementChild.remove();
  }

  if (isAtEnd) {
    list.scrollTop = list.scrollHeight;
  }
}

function hue(text) {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
}

function randomName() {
  const one = (words) => words[Math.floor(Math.random() * words.length)];
  const adjective = one(["Amber", "Brisk", "Calm", "Dusty", "Eager", "Fuzzy", "Gentle", "Hazel", "Ivory", "Jolly", "Keen", "Lunar"]);
  const animal = one(["Otter", "Heron", "Lynx", "Marten", "Newt", "Osprey", "Puffin", "Quail", "Raven", "Stoat", "Tapir", "Wren"]);
  return `${adjective} ${animal} ${10 + Math.floor(Math.random() * 90)}`;
}

if (document.documentElement.dataset.demo === "on") {
  sessionStorage.setItem("name", name);
  element("name").value = name;
  client.connect();
}
