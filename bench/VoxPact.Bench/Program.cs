using VoxPact.Bench;

return args switch
{
    ["life", .. var rest] => await Life.RunAsync(BenchOptions.Read(rest)),
    ["webhooks", .. var rest] => await Webhooks.RunAsync(BenchOptions.Read(rest)),
    ["check", .. var rest] => await CheckCost.RunAsync(BenchOptions.Read(rest)),
    ["search", .. var rest] => await SearchCost.RunAsync(BenchOptions.Read(rest)),
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

          webhooks [--endpoints 1000] [--events 100] [--database "Host=…"] [--store sqlite|postgresql]

        webhooks drains a backlog of so many events for each endpoint, five of a job, to a receiver on this machine;
        three endpoints of ten always fail, and the server is stopped and started in the middle. It prints deliveries a
        second before and after that, and what was lost, came twice or came before an earlier event of its job.

          check [--jobs 100000] [--database "Host=…"]

        check fills a database with valid jobs that are over, and times the ledger's check when everything is read,
        when nothing was added, and when a hundredth was.

          search [--agents 1000000] [--database "Host=…"]

        search fills a database with active agents, whose words are as unevenly common as words are, and times searches
        for common and rare words, beginnings and capabilities: the median and the slowest of twenty runs each.
        """);
    return 2;
}
