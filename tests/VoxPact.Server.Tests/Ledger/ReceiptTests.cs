using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VoxPact.Cli;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>Signed receipts, verified with nothing but the public keys.</summary>
public sealed class ReceiptTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData<Databases>]
    public async Task A_receipt_says_what_was_agreed_delivered_judged_and_paid(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.PostJobAsync(new
        {
            worker_agent_id = worker.Id,
            title = "Summarise \"this\"",
            description = "Zwei Sätze.",
            amount = 0.10m,
            task_spec = new { pages = new[] { 1, 2 }, about = "Umsätze" },
        });
        await worker.WorkAsync(job, Deliverables.Pass);
        var answer = (await buyer.GetAsync($"/v1/jobs/{job}/receipt")).Expect(200);
        var receipt = ReceiptSignature.Verify(answer.Bytes, await KeysAsync(server));
        Assert.Equal(("completed", "validated", 10L, 1_000, "eur", "sandbox", job),
            (receipt.State, receipt.ClosedReason, receipt.AmountMinor, receipt.FeeBps, receipt.Currency, receipt.Mode,
                receipt.JobId));
        Assert.Equal((buyer.Id, worker.Id), (receipt.BuyerAgentId, receipt.WorkerAgentId));
        const string terms = """
            {"acceptance":null,"description":"Zwei Sätze.","max_revisions":2,"release":"validation",
            "required_capabilities":[],"review_hours":48,"task_spec":{"about":"Umsätze","pages":[1,2]},
            "title":"Summarise \"this\""}
            """;
        Assert.Equal(Sha256(terms.ReplaceLineEndings("")), receipt.TermsSha256);
        var work = Assert.Single(receipt.Submissions);
        Assert.Equal((await buyer.GetAsync($"/v1/jobs/{job}/submissions")).Data[0].GetProperty("sha256").GetString(),
            work.Sha256);
        Assert.Equal("pass", work.Outcome);
        Assert.Equal(2, work.Judges.Count);
        Assert.All(work.Judges, judge => Assert.True(judge is { Pass: true, ConfidenceBps: >= 8_000 }));
        Assert.Equal([$"hold:{job}", $"release:{job}:net", $"release:{job}:fee"],
            receipt.Movements.Select(movement => movement.Id));
        Assert.Equal([10L, 9L, 1L], receipt.Movements.Select(movement => movement.AmountMinor));
        long commit = Engine.CommitChain.IdOf(receipt.Commit.Node, receipt.Commit.Sequence);
        string hex = database == Databases.Sqlite ? "lower(hex(mac))" : "encode(mac, 'hex')";
        Assert.Equal(await Tampering.TextAsync(server, $"select {hex} from batches where id = {commit}"),
            receipt.Commit.Seal);
        Assert.Equal(commit, await Tampering.ScalarAsync(server, "select max(batch) from entries where slot = 3"));
        Assert.Equal(answer.Text, (await worker.GetAsync($"/v1/jobs/{job}/receipt")).Expect(200).Text);

        string open = await buyer.HireAsync(worker);
        (await buyer.GetAsync($"/v1/jobs/{open}/receipt")).Expect(409, "wrong_state");
        (await buyer.PostAsync($"/v1/jobs/{open}/cancel")).Expect(200);
        answer = (await buyer.GetAsync($"/v1/jobs/{open}/receipt")).Expect(200);
        receipt = ReceiptSignature.Verify(answer.Bytes, await KeysAsync(server));
        Assert.Equal(("cancelled", "cancelled"), (receipt.State, receipt.ClosedReason));
        Assert.Empty(receipt.Submissions);
        Assert.Equal([$"hold:{open}", $"refund:{open}"], receipt.Movements.Select(movement => movement.Id));
    }

    [Fact]
    public async Task Any_flipped_bit_of_a_receipt_is_found()
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job);
        byte[] file = (await buyer.GetAsync($"/v1/jobs/{job}/receipt")).Expect(200).Bytes;
        var keys = await KeysAsync(server);
        var unseen = new List<string>();
        for (int at = 0; at < file.Length; at++)
            for (int bit = 0; bit < 8; bit++)
            {
                file[at] ^= (byte)(1 << bit);
                if (IsGenuine(file, keys)) unseen.Add($"bit {bit} of byte {at}: {Encoding.UTF8.GetString(file)}");
                file[at] ^= (byte)(1 << bit);
            }
        Assert.Empty(unseen);
        Assert.True(IsGenuine(file, keys));
        // Another layout is no change; another member, another server's key, or no key is one.
        string text = Encoding.UTF8.GetString(file);
        var data = JsonElement.Parse(text).GetProperty("data");
        var indented = new JsonSerializerOptions { WriteIndented = true };
        Assert.True(IsGenuine(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(data, indented)), keys));
        Assert.False(IsGenuine(Encoding.UTF8.GetBytes(text.Replace("\"version\":1", "\"version\":1,\"more\":1")), keys));
        Assert.False(IsGenuine(Encoding.UTF8.GetBytes(text.Replace("\"version\":1", "\"version\":1.0")), keys));
        Assert.False(IsGenuine(file, new ReceiptKeys { Keys = [] }));
        var other = ReceiptSignature.PublicKeyOf(new byte[32]) with { Kid = keys.Keys[0].Kid };
        Assert.False(IsGenuine(file, new ReceiptKeys { Keys = [other] }));
    }

    [Fact]
    public void Keys_and_signatures_are_those_of_the_standard()
    {
        // RFC 8032, 7.1, test 1, and RFC 8037, A.3: the same key and its thumbprint.
        byte[] key = Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        var made = ReceiptSignature.PublicKeyOf(key);
        Assert.Equal("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", made.X);
        Assert.Equal("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", made.Kid);
        var value = JsonElement.Parse("""{ "b": [true, null, -7], "a": { "é": "\u00e9\"\\\/\n\u0001", "Z": "" } }""");
        Assert.Equal("""{"a":{"Z":"","é":"é\"\\/\n\u0001"},"b":[true,null,-7]}""",
            Encoding.UTF8.GetString(ReceiptSignature.CanonicalBytes(value)));
    }

    [Theory, ClassData<Databases>]
    public async Task A_new_key_signs_and_the_old_receipt_stays_good_offline(string database)
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-test-").FullName;
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job);
        string receipt = Path.Combine(folder, "receipt.json"), keys = Path.Combine(folder, "keys.json");
        Assert.Equal(0, await SaveAsync(receipt, "receipt", "get", job, "--key", buyer.Key, "--url", server.Url));
        await server.StopAsync();
        await using (await Startup.StartAsync(server.Options with { ReceiptKeyGeneration = 2 }, cancellation: Stop))
        {
            Assert.Equal(0, await SaveAsync(keys, "receipt", "keys", "--url", server.Url));
            var known = await KeysAsync(server);
            Assert.Equal(2, known.Keys.Count);
            var again = (await buyer.GetAsync($"/v1/jobs/{job}/receipt")).Expect(200);
            Assert.Equal(known.Keys[0].Kid, again.String("data.key_id"));
            Assert.True(IsGenuine(again.Bytes, known));
        }

        var (code, said) = await CliAsync("receipt", "verify", receipt, "--keys", keys);
        Assert.True(code == 0, said);
        Assert.StartsWith($"Genuine: {job} was completed (validated) at ", said);
        await File.WriteAllTextAsync(receipt, (await File.ReadAllTextAsync(receipt, Stop)).Replace(": 10,", ": 11,"), Stop);
        (code, said) = await CliAsync("receipt", "verify", receipt, "--keys", keys);
        Assert.Equal(1, code);
        Assert.Contains("The signature does not fit", said);
        Directory.Delete(folder, recursive: true);
    }

    private static bool IsGenuine(byte[] file, ReceiptKeys keys)
    {
        try
        {
            ReceiptSignature.Verify(file, keys);
            return true;
        }
        catch (VoxPactException)
        {
            return false;
        }
    }

    private static async Task<int> SaveAsync(string file, params string[] args)
    {
        var (code, said) = await CliAsync(args);
        await File.WriteAllTextAsync(file, said, Stop);
        return code;
    }

    private static async Task<(int Code, string Said)> CliAsync(params string[] args)
    {
        var said = new StringWriter();
        int code = await CommandLine.RunAsync(args, said, said, Stop);
        return (code, said.ToString());
    }

    private static async Task<ReceiptKeys> KeysAsync(TestServer server) =>
        (await server.GetAsync("/.well-known/voxpact-keys.json")).Expect(200).Json
        .Deserialize(VoxPactJson.Default.ReceiptKeys)!;

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
