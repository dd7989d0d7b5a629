// The household's page: what was shown in full for a reason is taken off the screen again (<… data-expires="SECONDS">),
// and a form with a file (<form data-upload>) says how much of it has gone.
"use strict";

(function () {
  function watch(root) {
    root.querySelectorAll("[data-expires]").forEach((part) => {
      window.setTimeout(() => part.remove(), 1000 * Number(part.dataset.expires));
    });
  }
  watch(document);
  document.addEventListener("htmx:afterSwap", (event) => watch(event.detail.elt));

  document.addEventListener("htmx:xhr:progress", (event) => {
    const form = event.target.closest("form[data-upload]");
    const bar = form && form.querySelector("progress");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = (100 * event.detail.loaded) / event.detail.total;
  });
})();
