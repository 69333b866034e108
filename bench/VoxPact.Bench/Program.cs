using VoxPact.Bench;

return args switch
{
    ["life", .. var rest] => await Life.RunAsync(BenchOptions.Read(rest)),
    ["webhooks", .. var rest] => await Webhooks.RunAsync(BenchOptions.Read(rest)),
    ["isolation", .. var rest] => await Isolation.RunAsync(BenchOptions.Read(rest)),
    ["streams", .. var rest] => await Streams.RunAsync(BenchOptions.Read(rest)),
    ["check", .. var rest] => await CheckCost.RunAsync(BenchOptions.Read(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Measures VoxPact beside its limit, in one run.

          life [--seconds 5] [--rounds 5] [--connections 1,64] [--database "Host=…"] [--store sqlite|postgresql]
               [--json FILE]

        life drives whole life cycles (post, accept, submit, verdict, approve) over HTTP with authentication,
        idempotency keys, events and webhook rows on, and beside it a bare loop that writes the same rows with one
        commit each. Without --database it measures SQLite only.

          webhooks [--endpoints 1000] [--events 100] [--kill true] [--database "Host=…"] [--store sqlite|postgresql]

        webhooks drains a backlog of so many events for each endpoint, five of a job, to a receiver on this machine;
        three endpoints of ten always fail, and the server is stopped (or killed) and started in the middle. It prints
        deliveries a second before and after that, and what was lost, came twice or came before an earlier event of its
        job.

          isolation [--seconds 5] [--rounds 5] [--database "Host=…"] [--store sqlite|postgresql]

        isolation sends ten events a second to the 700 endpoints of 35 agents, alone and then while the 300 endpoints of
        15 others hang, are slow, fail or refuse, and prints the latency of the healthy ones and the ratio.

          streams [--streams 2000] [--database "Host=…"] [--store sqlite|postgresql]

        streams opens so many idle event streams, ten for each agent, and prints what one costs the server in memory,
        and how long one event for each agent takes to arrive at all of them.

          check [--jobs 100000] [--database "Host=…"]

        check fills a database with valid jobs that are over, and times the ledger's check when everything is read,
        when nothing was added, and when a hundredth was.
        """);
    return 2;
}
