// Shows the HTML that ui/page/render.py made, and sends the presses of its buttons back to ui/page/app.py.
// What is said by a region that was there before: one that comes with its text is not read out.
function announce(text) {
  let region = document.getElementById("newsdesk-said");
  if (!region) {
    region = document.createElement("div");
    region.id = "newsdesk-said";
    region.setAttribute("role", "status");
    region.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
    document.body.append(region);
  }
  setTimeout(() => (region.textContent = text), 100);
}

// Not on a screen whose keyboard would then cover the page. The box may come after the welcome.
function focusQuestion(tries = 50) {
  const box = document.querySelector('[data-testid="stChatInputTextArea"]');
  const free = document.activeElement === document.body || !document.activeElement;
  if (!free || !matchMedia("(hover: hover)").matches) return;
  box?.focus({ preventScroll: true });
  if (document.activeElement !== box && tries) setTimeout(focusQuestion, 100, tries - 1);
}

// On a narrow window the sidebar covers the page, and what is chosen there would open unseen behind it.
function leaveSidebar() {
  const covers = matchMedia("(max-width: 48rem)").matches && document.querySelector('.stSidebar[data-collapsed="false"]');
  if (covers) covers.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

function leaveWhenChosen(event) {
  if (event.target.closest?.(".stSidebar [data-testid='stPageLink'] a, .stSidebar .st-key-new_conversation button")) leaveSidebar();
}

// As it is looked for: no capital letters, no accents, one kind of apostrophe and of blank.
function folded(letter) {
  const plain = letter.normalize("NFKD").replace(/[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u0655\u0670]/g, "");
  return plain.replace(/[’‘ʼ`]/g, "'").replace(/\s/g, " ").toUpperCase().toLowerCase();
}

// Where the words stand in the element: of each match its pieces, [text node, start, end].
function matchesIn(element, words) {
  let text = "";
  const places = []; // of each folded letter
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let at = 0;
    for (const letter of node.data) {
      const plain = folded(letter);
      text += plain;
      for (let n = 0; n < plain.length; n++) places.push([node, at, at + letter.length]);
      at += letter.length;
    }
  }
  const matches = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
    const pieces = [];
    for (const [node, start, end] of places.slice(at, at + words.length)) {
      const last = pieces.at(-1);
      if (last && last[0] === node) last[2] = end;
      else pieces.push([node, start, end]);
    }
    matches.push(pieces);
  }
  return matches;
}

// Puts each match into elements of its own, the last one first so that the places before it stay right.
function markMatches(element, words) {
  const marked = matchesIn(element, words).reverse().map((pieces) =>
    pieces.reverse().map(([node, start, end]) => {
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      const match = document.createElement("span");
      match.className = "match";
      range.surroundContents(match);
      return match;
    }),
  );
  return marked.reverse();
}

function unmark(root) {
  for (const one of root.querySelectorAll(".match")) {
    const parent = one.parentNode;
    one.replaceWith(...one.childNodes);
    parent.normalize();
  }
}

// Another page, or another name on one, begins at its head, wherever the one before was left.
function beginAtHead(root) {
  const heading = root.querySelector("h1");
  const shown = heading && `${location.pathname} ${heading.textContent}`;
  if (!shown || shown === document.newsdeskShown) return;
  document.newsdeskShown = shown;
  document.querySelector(".stMain")?.scrollTo(0, 0);
}

// The element that is what another one was before the page was drawn anew, so that the focus stays on it.
function likeness(root, before) {
  const told = (one) => [one.tagName, one.dataset.send, one.dataset.value, one.textContent, one.title].join("\n");
  return [...root.querySelectorAll("button, summary, a, input")].find((one) => told(one) === told(before));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".newsdesk");
  document.documentElement.lang = data.language;
  document.documentElement.dir = data.direction;
  if (root.shownHtml !== data.html) {
    const open = [...root.querySelectorAll("details")].map((one) => one.open);
    const focused = root.contains(root.getRootNode().activeElement) && root.getRootNode().activeElement;
    root.innerHTML = data.html;
    root.shownHtml = data.html;
    root.querySelectorAll("details").forEach((one, at) => (one.open = one.open || Boolean(open[at])));
    if (focused) likeness(root, focused)?.focus({ preventScroll: true });
    if (data.panel) {
      root.setAttribute("role", "dialog");
      root.setAttribute("aria-label", data.panel);
      root.popover = "manual"; // the top layer: no ancestor can clip it
      root.classList.add("panel");
      root.showPopover();
      const mark = root.querySelector("mark.here") ?? root.querySelector("mark");
      if (mark) mark.scrollIntoView({ block: "center", inline: "nearest" });
      else root.scrollTop = 0;
      root.querySelector(".close").focus({ preventScroll: true });
    }
    for (const one of root.querySelectorAll("[data-address]")) one.value = location.origin + one.dataset.address;
    beginAtHead(root);
    if (data.follow && !root.readerMoved) root.scrollIntoView({ block: "start" });
  }
  if (data.announced && data.announced !== root.announced) {
    announce(data.announced);
    root.announced = data.announced;
  }
  if (root.querySelector(".welcome")) focusQuestion();
  const readerMoves = () => (root.readerMoved = true);
  const step = (by) => {
    const marks = [...root.querySelectorAll("mark")];
    const here = marks.findIndex((one) => one.classList.contains("here"));
    const next = (Math.max(here, 0) + by + marks.length) % marks.length;
    marks.forEach((one, at) => one.classList.toggle("here", at === next));
    marks[next].scrollIntoView({ block: "center", inline: "nearest" });
    root.querySelector(".at").textContent = next + 1;
  };
  const find = (input) => {
    unmark(root);
    const words = folded(input.value).replace(/ +/g, " ").trim();
    const parts = words ? [...root.querySelectorAll("h2, .text p")] : [];
    root.found = parts.flatMap((part) => markMatches(part, words));
    root.matchAt = -1;
    for (const button of root.querySelectorAll("[data-find]")) button.disabled = !root.found.length;
    root.querySelector(".tally").textContent = words ? "0 / 0" : "";
    if (root.found.length) stepMatch(1);
  };
  const stepMatch = (by) => {
    const matches = root.found ?? [];
    if (!matches.length) return;
    root.matchAt = (root.matchAt + by + matches.length) % matches.length;
    matches.forEach((pieces, at) => pieces.forEach((one) => one.classList.toggle("here", at === root.matchAt)));
    matches[root.matchAt][0].scrollIntoView({ block: "center", inline: "nearest" });
    root.querySelector(".tally").textContent = `${root.matchAt + 1} / ${matches.length}`;
  };
  const press = (event) => {
    const saving = event.target.closest(".save > summary")?.parentElement;
    if (saving) return requestAnimationFrame(() => saving.scrollIntoView({ block: "nearest" }));
    const button = event.target.closest("[data-send], [data-copy], [data-copy-address], [data-print], [data-step], [data-find]");
    if (!button) return;
    if ("print" in button.dataset) return print();
    if (button.dataset.find) return stepMatch(Number(button.dataset.find));
    if (button.dataset.step) return step(Number(button.dataset.step));
    if (button.dataset.copy) return copy(button);
    if ("copyAddress" in button.dataset) return copyAddress(button);
    if (button.dataset.send === "open" && !data.panel) document.newsdeskOpener = button; // where the focus goes back to
    if (button.dataset.send === "go") leaveSidebar();
    if (button.dataset.send === "close") {
      root.hidePopover();
      if (document.newsdeskOpener?.isConnected) document.newsdeskOpener.focus({ preventScroll: true });
    }
    setTriggerValue("pressed", { [button.dataset.send]: JSON.parse(button.dataset.value) });
  };
  const copy = async (button) => {
    const kinds = { "text/plain": button.dataset.copy, "text/html": button.dataset.rich };
    const blobs = Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], { type: kind })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    button.textContent = button.dataset.copied;
  };
  const copyAddress = async (button) => {
    const field = button.parentElement.querySelector("[data-address]");
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  };
  const typed = (event) => {
    if (event.target.matches(".find input")) find(event.target);
  };
  const typedKey = (event) => {
    const input = event.target;
    if (!input.matches(".find input")) return;
    if (event.key === "Escape" && !input.value) return; // closes the article
    event.stopPropagation(); // Streamlit takes letters typed in here for its own shortcuts
    if (event.key === "Enter") stepMatch(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") {
      input.value = "";
      find(input);
    }
  };
  const escapeKey = (event) => {
    if (event.key === "Escape") root.querySelector(".close").click();
  };
  root.addEventListener("click", press);
  if (!document.newsdeskLeaves) document.addEventListener("click", (document.newsdeskLeaves = leaveWhenChosen));
  root.addEventListener("input", typed);
  root.addEventListener("keydown", typedKey);
  document.addEventListener("wheel", readerMoves, { passive: true });
  document.addEventListener("touchmove", readerMoves, { passive: true });
  if (data.panel) document.addEventListener("keydown", escapeKey);
  return () => {
    root.removeEventListener("click", press);
    document.removeEventListener("wheel", readerMoves);
    document.removeEventListener("touchmove", readerMoves);
    root.removeEventListener("input", typed);
    root.removeEventListener("keydown", typedKey);
    document.removeEventListener("keydown", escapeKey);
  };
}
