// Before the first paint: the theme and the reading direction of last time, so that nothing flashes.
(function () {
  try {
    var root = document.documentElement;
    var theme = localStorage.getItem("pehra-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else if (matchMedia("(prefers-color-scheme: light)").matches) root.dataset.theme = "light";
    if (localStorage.getItem("pehra-language") === "ur") {
      root.lang = "ur";
      root.dir = "rtl";
    }
  } catch (_) {
    /* a browser that keeps nothing starts with the defaults */
  }
})();
