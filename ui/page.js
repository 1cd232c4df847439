// Shows the HTML that ui/render.py made, and sends the presses of its buttons back to ui/app.py.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".newsdesk");
  document.documentElement.lang = data.language;
  if (root.shownHtml !== data.html) {
    const open = [...root.querySelectorAll("details")].map((one) => one.open);
    root.innerHTML = data.html;
    root.shownHtml = data.html;
    root.querySelectorAll("details").forEach((one, at) => (one.open = one.open || Boolean(open[at])));
    if (data.panel) {
      root.popover = "manual"; // the top layer: no ancestor can clip it
      root.classList.add("panel");
      root.showPopover();
      const mark = root.querySelector("mark");
      if (mark) mark.scrollIntoView({ block: "center", inline: "nearest" });
      else root.scrollTop = 0;
      root.querySelector(".close").focus({ preventScroll: true });
    }
    if (data.follow && !root.readerMoved) root.scrollIntoView({ block: "start" });
  }
  const readerMoves = () => (root.readerMoved = true);
  const press = (event) => {
    const button = event.target.closest("[data-send], [data-copy]");
    if (!button) return;
    if (button.dataset.copy) return copy(button);
    if (button.dataset.send === "close") root.hidePopover();
    setTriggerValue("pressed", { [button.dataset.send]: JSON.parse(button.dataset.value) });
  };
  const copy = async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  };
  const escapeKey = (event) => {
    if (event.key === "Escape") root.querySelector(".close").click();
  };
  root.addEventListener("click", press);
  document.addEventListener("wheel", readerMoves, { passive: true });
  document.addEventListener("touchmove", readerMoves, { passive: true });
  if (data.panel) document.addEventListener("keydown", escapeKey);
  return () => {
    root.removeEventListener("click", press);
    document.removeEventListener("wheel", readerMoves);
    document.removeEventListener("touchmove", readerMoves);
    document.removeEventListener("keydown", escapeKey);
  };
}
