// Reads a JSON list of LaTeX strings on standard input and writes the list of KaTeX's complaints,
// null for a string that it accepts.  Warnings, such as those for unknown characters, count.
import { readFileSync } from "node:fs";
import katex from "katex";

const complaints = JSON.parse(readFileSync(0, "utf8")).map((latex) => {
  try {
    katex.renderToString(latex, { displayMode: true, strict: "error", throwOnError: true });
    return null;
  } catch (error) {
    return error.message;
  }
});
process.stdout.write(JSON.stringify(complaints));
