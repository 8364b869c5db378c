// Single keys, for those who did not turn them off: every one of them does what a link or a button on the page does.
// An element says which key it answers to (data-key); the list to walk along is marked with data-walk.
"use strict";
(function () {
  const page = document.body;
  let first = "";

  function isTyping(target) {
    return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  }

  function press(key) {
    const scope = document.activeElement && document.activeElement.closest("[data-walk] > *");
    const found = (scope && scope.querySelector('[data-key="' + key + '"]')) || document.querySelector('[data-key="' + key + '"]');
    if (!found) return false;
    if (isTyping(found)) found.focus(); else found.click();
    return true;
  }

  function walk(step) {
    const items = Array.from(document.querySelectorAll("[data-walk] > *"));
    if (!items.length) return false;
    const at = items.findIndex(function (item) { return item.contains(document.activeElement); });
    const next = items[at < 0 ? 0 : Math.min(Math.max(at + step, 0), items.length - 1)];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (page.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); return; }
    if (isTyping(event.target)) return;
    const key = CSS.escape(first + event.key);
    const done = event.key === "j" && !first ? walk(1) : event.key === "k" && !first ? walk(-1) : press(key);
    first = !done && !first && event.key === "g" ? "g" : "";
    if (done || first) event.preventDefault();
  });

  // A form that asks for a second look: the sentence stands in the page.
  document.addEventListener("submit", function (event) {
    const sure = event.target.dataset && event.target.dataset.sure;
    if (sure && !window.confirm(sure)) event.preventDefault();
  });

  // Whoever sets Nightdesk up is most likely where the newsroom is: the browser's own time zone is proposed.
  document.querySelectorAll("select[data-own-zone]").forEach(function (zones) {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (Array.from(zones.options).some(function (each) { return each.value === own; })) zones.value = own;
  });

  // What htmx put into the page is read out by the region that says so; the first field that is wrong gets the focus.
  document.addEventListener("htmx:afterSwap", function (event) {
    const wrong = event.target.querySelector && event.target.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
  });
})();
