// The login page tells pages that are still open to look whether their login is.
"use strict";
new BroadcastChannel("sesion").postMessage("mirar");
