// The AWS SDK for JavaScript v3: heeds the endpoint in its environment, but no proxy; agents are given to it.
const { parseArgs } = require("node:util");
const { setTimeout: sleep } = require("node:timers/promises");
const pipeline = require("@aws-sdk/client-data-pipeline");

const text = { type: "string" };
const { values: asked } = parseArgs({
  options: { endpoint: text, "worker-group": text, beats: text, interval: text, tasks: text },
});
const beats = Number(asked.beats);
const fields = [{ key: "note", stringValue: "<1/3> & 'ä+'" }];

function agents() {
  const { HTTP_PROXY, HTTPS_PROXY } = process.env;
  if (!HTTPS_PROXY) return {};
  const { HttpProxyAgent } = require("http-proxy-agent");
  const { HttpsProxyAgent } = require("https-proxy-agent");
  return {
    requestHandler: {
      httpAgent: new HttpProxyAgent(HTTP_PROXY),
      httpsAgent: new HttpsProxyAgent(HTTPS_PROXY),
    },
  };
}

const client = new pipeline.DataPipelineClient({
  ...(asked.endpoint && { endpoint: asked.endpoint }),
  ...agents(),
});
const call = (name, input) => client.send(new pipeline[`${name}Command`](input));

async function work(taskId) {
  for (let beat = 0; beat <= beats; beat++) {
    if (beat) await sleep(Number(asked.interval) * 1000);
    const { canceled } = await call("ReportTaskProgress", { taskId, fields });
    if (canceled) return `canceled ${beat + 1}`;
  }
  await call("SetTaskStatus", { taskId, taskStatus: "FINISHED" });
  return `finished ${beats + 1}`;
}

async function main() {
  for (let done = 0; done < Number(asked.tasks); done++) {
    let task;
    while (!task) task = (await call("PollForTask", { workerGroup: asked["worker-group"] })).taskObject;
    console.log(await work(task.taskId));
  }
}

main()
  .catch((why) => {
    console.error(`${why.name}: ${why.message}`);
    process.exitCode = 1;
  })
  .finally(() => client.destroy());
