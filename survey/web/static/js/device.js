// The enrolment page: the code that the QR carries behind the #, where no server and no log sees it,
// goes into the field; the address is cleaned at once.

const field = document.getElementById("code");
const brought = decodeURIComponent(window.location.hash.slice(1));

if (field && /^[0-9A-Za-z-]{8,24}$/.test(brought)) {
  field.value = brought;
  window.history.replaceState(null, "", window.location.pathname);
}
