// Line by line with readline, and much output.
const lines = require("readline").createInterface({ input: process.stdin });
let total = 0;
const out = [];
lines.on("line", (line) => {
  total += Number(line);
  if (total % 3 === 0) out.push(line);
});
lines.on("close", () => {
  console.log(out.join("\n"));
  console.log(total);
});
