using VoxPact.Bench;

return args switch
{
    ["life", .. var rest] => await Life.RunAsync(BenchOptions.Read(rest)),
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

          check [--jobs 100000] [--database "Host=…"]

        check fills a database with valid jobs that are over, and times the ledger's check when everything is read,
        when nothing was added, and when a hundredth was.
        """);
    return 2;
}
