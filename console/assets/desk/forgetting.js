// Takes the browser's stores away from this page before any other code runs: nothing of the desk may stay on a device.
//
// htmx would leave the last address in sessionStorage; where it finds none it goes without.

for (const store of ["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"]) {
  Object.defineProperty(window, store, {
    configurable: false,
    get() {
      throw new DOMException("The desk keeps nothing on this device.", "SecurityError");
    },
  });
}
