using VoxPact.Bench;

if (args is not [var what, .. var rest]) return Usage();
if (what == "plot") return Plots.Draw(rest);
var options = BenchOptions.Read([.. rest.Where(one => one != "--full")]);
IReadOnlyList<Func<Task<Report>>>? measurements = what switch
{
    "life" => [() => Life.RunAsync(options)],
    "reads" => [() => Reads.RunAsync(options)],
    "growth" => [() => Growth.RunAsync(options)],
    "timers" => [() => Timers.RunAsync(options)],
    "start" => [() => Start.RunAsync(options)],
    "overload" => [() => Overload.RunAsync(options)],
    "fairness" => [() => Fairness.RunAsync(options)],
    "nodes" => [() => Nodes.RunAsync(options)],
    "soak" => [() => Soak.RunAsync(options)],
    "micro" => [() => Task.FromResult(Micro.Run())],
    "all" => All.Of(options, full: rest.Contains("--full")),
    _ => null,
};
if (measurements is null)
    return what switch
    {
        "webhooks" => await Webhooks.RunAsync(options),
        "isolation" => await Isolation.RunAsync(options),
        "streams" => await Streams.RunAsync(options),
        "check" => await CheckCost.RunAsync(options),
        "search" => await SearchCost.RunAsync(options),
        _ => Usage(),
    };
var reports = new List<Report>();
foreach (var measure in measurements)
{
    var report = await measure();
    if (measurements.Count > 1) Console.WriteLine($"\n{report.Name}");
    report.Print(Console.Out);
    reports.Add(report);
    if (options.Json is { } file) Report.Write(file, reports);
}
return 0;

static int Usage()
{
    Console.Error.WriteLine("""
        Measures VoxPact beside its limit, in one run, on loopback. Everywhere: [--database "Host=…"] adds PostgreSQL
        (its user must be able to create databases), [--store sqlite|postgresql] leaves the other out, [--seconds 5]
        [--rounds 5] bound each cell, [--json FILE] writes the tables as JSON, [--server DLL] takes a published server.

          all [--full]    everything below within 15 minutes and 3 GB of disk; --full: 10 million jobs and timers,
                          a million requests, half an hour of soak, about 80 GB and several hours

          life [--connections 1,64]    whole life cycles (post, accept, submit, verdict, approve) over HTTP with
                          authentication, idempotency keys, events and webhook rows on, beside a bare loop that
                          writes the same rows with one commit each
          reads [--jobs 100000] [--agents 10000]    a job, a list of 50, a search
          growth [--sizes 100000]    a life cycle with so many jobs stored beside one with 10,000; bytes per job
          timers [--sizes 100000] [--due 50000]    due items a second with so many asleep
          webhooks [--endpoints 1000] [--events 100] [--kill true]    deliveries a second with three endpoints of ten
                          failing, the server stopped (or killed) and started in the middle; what was lost, came
                          twice or came before an earlier event
          isolation       latency of 700 healthy endpoints, alone and beside 300 that hang, are slow, fail or refuse
          streams [--streams 2000]    memory of an idle event stream, and how long one event takes to reach them all
          check [--jobs 100000]    the ledger's check: everything, nothing new, a hundredth new
          search [--agents 10000] [--keep NAME]    common and rare words, beginnings and capabilities: median,
                          fastest and slowest of twenty; what is kept under a name is not filled anew the next time
          start [--jobs 100000] [--requests 100000]    from exec to the first answer; memory idle and after requests
          overload        five times more posts than the server can do
          fairness        a client within its limit beside one that floods
          nodes [--nodes 1,2,4]    processes on one PostgreSQL, also behind HAProxy where that is installed
          soak [--minutes 2]    throughput and memory over time
          micro           time and allocations of the parts of a request

          plot FILE.json [FOLDER]    draws the figures of docs/performance.md
        """);
    return 2;
}
