// What does the library rss-parser cost? A loop as its users write it: so many feeds at once, entries kept in memory.
const { readFileSync } = require("node:fs");
const Parser = require("rss-parser");

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const parser = new Parser({ timeout: plan.limit * 1000 });
const waiting = [...plan.urls];

async function work() {
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    try {
      await parser.parseURL(url);
    } catch {
      // One that fails is one fewer; the others go on.
    }
  }
}

Promise.all(Array.from({ length: plan.atOnce }, work)).then(() => process.exit(0));
