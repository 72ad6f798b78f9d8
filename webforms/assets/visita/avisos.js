// What a part asks of those that stand on it: "terminar", the login is over; "enviar", something waits to be sent.

export const avisos = new EventTarget();
export const avisar = (que) => avisos.dispatchEvent(new Event(que));
