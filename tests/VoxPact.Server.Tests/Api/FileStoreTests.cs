using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using VoxPact.Domain;
using VoxPact.Server.Files;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Http;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Both stores of files keep the same promises; what only a store at the other end of a wire can do is below.</summary>
public sealed class FileStoreTests
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 % 251))];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData<FileStores>]
    public async Task Whole_bodies_are_kept_under_their_hash_and_nothing_of_others(string kind)
    {
        using var place = await Place.MakeAsync(kind);
        var store = place.Store;
        var id = Id.New(1_700_000_000_000_000);
        string hash = Convert.ToHexStringLower(SHA256.HashData(s_bytes));
        foreach (int claimed in new[] { 0, 299_999, 300_001 })
            Assert.Null(await store.WriteAsync(id, new OneWay(s_bytes), claimed, Stop));
        Assert.Null(await store.OpenAsync(id, hash, Stop));
        Assert.Equal(0, place.Count());
        Assert.Equal(hash, await store.WriteAsync(id, new OneWay(s_bytes), s_bytes.Length, Stop));
        Assert.Equal(hash, await store.WriteAsync(id, new OneWay(s_bytes), s_bytes.Length, Stop));
        // Another body of the same file stands beside it, and replaces nothing.
        string other = (await store.WriteAsync(id, new OneWay(s_bytes[1..]), s_bytes.Length - 1, Stop))!;
        Assert.Equal(2, place.Count());
        Assert.Equal(s_bytes, await ReadAsync(store, id, hash));
        Assert.Equal(s_bytes[1..], await ReadAsync(store, id, other));
        await store.DeleteAsync(id, other, Stop);
        await store.DeleteAsync(id, other, Stop);
        Assert.Null(await store.OpenAsync(id, other, Stop));
        Assert.Equal(s_bytes, await ReadAsync(store, id, hash));
    }

    [Theory, ClassData<FileStores>]
    public async Task A_broken_upload_leaves_nothing_behind(string kind)
    {
        using var place = await Place.MakeAsync(kind);
        await Assert.ThrowsAsync<IOException>(() =>
            place.Store.WriteAsync(Id.New(0), new OneWay(s_bytes, breaksAt: 200_000), s_bytes.Length, Stop));
        Assert.Equal(0, place.Count());
    }

    [Theory, ClassData<FileStores>]
    public async Task A_file_between_parties_goes_up_comes_down_and_is_forgotten(string kind)
    {
        using var s3 = kind == FileStores.Bucket ? await S3Server.StartAsync() : null;
        foreach (string database in Databases.All)
        {
            await using var server = await TestServer.StartAsync(database, options => s3?.In(options) ?? options);
            var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
            string job = await buyer.HireAsync(worker);
            var kept = await UploadAsync(server, worker, job, s_bytes);
            (await worker.PostAsync($"/v1/jobs/{job}/files/{kept}/confirm")).Expect(200);
            string lost = await UploadAsync(server, worker, job, s_bytes[..1_000]);
            var link = (await buyer.GetAsync($"/v1/jobs/{job}/files/{kept}/download-url")).Expect(200);
            Assert.Equal(s_bytes, (await server.GetAsync(link.String("data.download_url")!)).Expect(200).Bytes);
            await server.AdvanceAsync(25);
            if (s3 is not null)
            {
                Assert.Single(s3.Objects(), name => name.StartsWith(kept));
                Assert.DoesNotContain(s3.Objects(), name => name.StartsWith(lost));
                Assert.False(Directory.Exists(Path.Combine(server.Options.Data, "files")));
                Assert.Empty(Directory.GetFiles(Path.Combine(server.Options.Data, "uploads")));
            }
        }
    }

    [Fact]
    public async Task While_the_bucket_is_away_an_upload_is_a_503_and_the_file_can_be_sent_again()
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite, options => At(options, "http://127.0.0.1:1"));
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        (await TryUploadAsync(server, worker, job, s_bytes)).Expect(503, "overloaded");
        Assert.Equal("pending", (await worker.GetAsync($"/v1/jobs/{job}/files")).Expect(200).Data[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Nothing_is_sent_to_another_host_than_the_endpoint_wherever_it_points_to()
    {
        int strays = 0;
        await using var other = await LoopbackApp.StartAsync(http =>
        {
            strays++;
            return Task.CompletedTask;
        });
        int asked = 0;
        await using var redirecting = await LoopbackApp.StartAsync(http =>
        {
            asked++;
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = new Uri(other.Address, http.Request.Path.Value).ToString();
            return http.Response.WriteAsync("<Error><Code>TemporaryRedirect</Code><Endpoint>"
                + $"{other.Address.Authority}</Endpoint></Error>");
        });
        using var bucket = new FileBucket(At(new ServerOptions(), redirecting.Address.GetLeftPart(UriPartial.Authority)),
            Directory.CreateTempSubdirectory("voxpact-test-").FullName);
        await Assert.ThrowsAsync<FilesAway>(() => bucket.WriteAsync(Id.New(0), new OneWay(s_bytes), s_bytes.Length, Stop));
        await Assert.ThrowsAsync<FilesAway>(() => bucket.OpenAsync(Id.New(0), new string('0', 64), Stop));
        Assert.True(asked > 1);
        Assert.Equal(0, strays);
    }

    [Theory, ClassData<FileStores>]
    public async Task An_unknown_key_opens_no_bucket_and_the_doctor_says_so(string kind)
    {
        if (kind == FileStores.Folder)
        {
            Assert.DoesNotContain("bucket", await DoctorAsync(new ServerOptions()));
            return;
        }
        using var s3 = await S3Server.StartAsync();
        var options = s3.In(new ServerOptions());
        Assert.Contains("ok       the bucket files takes files and gives them back", await DoctorAsync(options));
        Assert.Empty(s3.Objects());
        Assert.Contains("MISSING  S3Bucket", await DoctorAsync(options with { S3AccessKey = "wrong" }));
        Assert.Contains("MISSING  S3Bucket", await DoctorAsync(options with { S3Bucket = "nowhere" }));
    }

    [Fact]
    public async Task Every_request_is_signed_and_an_uploads_signature_covers_the_hash_of_its_bytes()
    {
        var signed = new SignedRequests("key", "secret", "eu-test-1");
        await using var bucket = await LoopbackApp.StartAsync(signed.AnswerAsync);
        var options = At(new ServerOptions { S3Region = "eu-test-1" }, bucket.Address.GetLeftPart(UriPartial.Authority));
        string spool = Directory.CreateTempSubdirectory("voxpact-test-").FullName;
        var id = Id.New(0);
        using (var store = new FileBucket(options, spool))
        {
            string hash = (await store.WriteAsync(id, new OneWay(s_bytes), s_bytes.Length, Stop))!;
            Assert.Null(await store.OpenAsync(id, hash, Stop));
            await store.DeleteAsync(id, hash, Stop);
            string key = $"/files/files/{Id.Format(Id.File, id)}.{hash}";
            Assert.Equal([$"PUT {key} {hash}", $"GET {key} -", $"DELETE {key} -"], signed.Seen);
        }
        using (var store = new FileBucket(options with { S3SecretKey = "wrong" }, spool))
            Assert.Contains("signature", (await Assert.ThrowsAsync<FilesAway>(
                () => store.WriteAsync(id, new OneWay(s_bytes), s_bytes.Length, Stop))).Message);
        Assert.Equal(3, signed.Seen.Count);
        Assert.Empty(Directory.GetFiles(spool));
    }

    [Fact]
    public void What_is_missing_of_a_bucket_is_named_before_the_start()
    {
        var full = At(new ServerOptions(), "https://s3.example.com");
        Assert.Empty(FileBucket.Problems(full));
        Assert.Empty(FileBucket.Problems(new ServerOptions()));
        Assert.Equal(["S3Endpoint", "S3AccessKey", "S3SecretKey"],
            FileBucket.Problems(new ServerOptions { S3Bucket = "files" }).Select(problem => problem.Split(':')[0]));
        foreach (string bad in new[] { "s3.example.com", "ftp://s3.example.com", "https://s3.example.com/files", "https://a:b@s3.example.com" })
            Assert.StartsWith("S3Endpoint:", Assert.Single(FileBucket.Problems(full with { S3Endpoint = bad })));
    }

    private static ServerOptions At(ServerOptions options, string endpoint) =>
        options with { S3Endpoint = endpoint, S3Bucket = "files", S3AccessKey = "key", S3SecretKey = "secret" };

    private static async Task<string> DoctorAsync(ServerOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-test-").FullName;
        var text = new StringWriter();
        await new Doctor(options with { Data = folder }, text).RunAsync(Stop);
        Directory.Delete(folder, recursive: true);
        return text.ToString();
    }

    private static async Task<byte[]> ReadAsync(IFileStore store, Guid id, string hash)
    {
        await using var bytes = (await store.OpenAsync(id, hash, Stop))!;
        using var whole = new MemoryStream();
        await bytes.CopyToAsync(whole, Stop);
        return whole.ToArray();
    }

    private static async Task<string> UploadAsync(TestServer server, TestAgent by, string job, byte[] bytes)
    {
        (await TryUploadAsync(server, by, job, bytes)).Expect(200);
        return (await by.GetAsync($"/v1/jobs/{job}/files")).Expect(200).Data.EnumerateArray().Last().GetProperty("id").GetString()!;
    }

    private static async Task<Answer> TryUploadAsync(TestServer server, TestAgent by, string job, byte[] bytes)
    {
        var ticket = (await by.PostAsync($"/v1/jobs/{job}/files/upload-url", new
        {
            purpose = "deliverable",
            filename = "a.bin",
            content_type = "application/x-thing",
            file_size_bytes = bytes.Length,
        })).Expect(201);
        return await server.SendAsync(HttpMethod.Put, ticket.String("data.upload_url")!, content: new ByteArrayContent(bytes));
    }

    /// <summary>A store of one kind, with a way to look behind its back.</summary>
    private sealed record Place(IFileStore Store, Func<int> Count, S3Server? Server, string Folder) : IDisposable
    {
        public static async Task<Place> MakeAsync(string kind)
        {
            string folder = Directory.CreateTempSubdirectory("voxpact-test-").FullName;
            int InFolder() => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;
            if (kind == FileStores.Folder) return new Place(new FileFolder(folder), InFolder, null, folder);
            var server = await S3Server.StartAsync();
            return new Place(new FileBucket(server.In(new ServerOptions()), folder), () => server.Objects().Count + InFolder(),
                server, folder);
        }

        public void Dispose()
        {
            Store.Dispose();
            Server?.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>A body as it comes from a socket: read once, in pieces, of a length that nobody knows.</summary>
    private sealed class OneWay(byte[] bytes, int breaksAt = int.MaxValue) : MemoryStream(bytes, writable: false)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Some(count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Some(buffer.Length)]);

        private int Some(int count) => Position < breaksAt
            ? Math.Min(count, 7_777)
            : throw new IOException("The connection was reset.");
    }
}
