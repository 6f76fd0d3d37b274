// Runs Mozilla's Observatory engine, offline, against an address of the loopback and prints its score as JSON.
// Called by observatory.py, which has installed the engine into the folder that is given first.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, host] = process.argv.slice(2);
const engine = createRequire(`${folder}/`).resolve("@mdn/mdn-http-observatory");
const { scan } = await import(pathToFileURL(engine));
const { scan: summary, tests } = await scan(host);
const results = Object.entries(tests).map(([name, test]) => ({
  name,
  pass: test.pass,
  result: test.result,
  modifier: test.scoreModifier,
}));
console.log(JSON.stringify({ grade: summary.grade, score: summary.score, results }));
