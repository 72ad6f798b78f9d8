// A system is being asked: look again each second; the server answers with the next task as soon as there is one.
"use strict";
setTimeout(() => location.reload(), 1000);
