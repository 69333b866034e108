using System.Security.Cryptography;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Files between the parties of a job.</summary>
public sealed class FileTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 % 251))];

    [Theory, ClassData<Databases>]
    public async Task A_file_goes_up_is_confirmed_and_comes_down_as_it_was(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker, job) = await HiredAsync(server);
        var ticket = (await AnnounceAsync(worker, job, "Größe & my 100%.bin", s_bytes.Length)).Expect(201);
        string file = ticket.String("data.file_id")!, url = ticket.String("data.upload_url")!;
        Assert.StartsWith($"{server.Url}/v1/files/{job}/{file}?expires=", url);
        Assert.Equal(0, (await buyer.GetAsync($"/v1/jobs/{job}/files")).Expect(200).Data.GetArrayLength());
        (await worker.PostAsync($"/v1/jobs/{job}/files/{file}/confirm")).Expect(409, "wrong_state");
        (await worker.GetAsync($"/v1/jobs/{job}/files/{file}/download-url")).Expect(409, "wrong_state");

        string hash = Convert.ToHexStringLower(SHA256.HashData(s_bytes));
        Assert.Equal(hash, (await PutAsync(server, url, s_bytes)).Expect(200).String("data.sha256"));
        (await buyer.GetAsync($"/v1/jobs/{job}/files/{file}/download-url")).Expect(404, "not_found");
        Shape.Matches($$"""
            { "data": { "id": "{{file}}", "status": "confirmed", "sha256": "{{hash}}", "filename": "Größe & my 100%.bin",
              "content_type": "application/x-thing", "file_size_bytes": 300000, "uploader_agent_id": "{{worker.Id}}" } }
            """, (await worker.PostAsync($"/v1/jobs/{job}/files/{file}/confirm")).Expect(200).Json);
        (await worker.PostAsync($"/v1/jobs/{job}/files/{file}/confirm")).Expect(409, "already_done");
        (await PutAsync(server, url, s_bytes)).Expect(409, "already_done");

        Assert.Equal(1, (await buyer.GetAsync($"/v1/jobs/{job}/files")).Expect(200).Data.GetArrayLength());
        var link = (await buyer.GetAsync($"/v1/jobs/{job}/files/{file}/download-url")).Expect(200);
        Assert.Equal(hash, link.String("data.sha256"));
        var down = (await server.GetAsync(link.String("data.download_url")!)).Expect(200);
        Assert.Equal(s_bytes, down.Bytes);
        Assert.Equal(("application/x-thing", "nosniff"), (down.ContentType, down.Header("X-Content-Type-Options")));
        Assert.Equal("attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%26%20my%20100%25.bin", down.ContentHeaders.ContentDisposition!.ToString());
    }

    [Theory, ClassData<Databases>]
    public async Task Only_the_announced_bytes_are_taken_however_they_are_sent(string database)
    {
        var server = await servers.OnAsync(database);
        var (_, worker, job) = await HiredAsync(server);
        string url = (await AnnounceAsync(worker, job, "a.bin", 1_000)).Expect(201).String("data.upload_url")!;
        foreach (int size in new[] { 0, 999, 1_001, 300_000 })
        {
            (await PutAsync(server, url, s_bytes[..size])).Expect(400, "validation_failed");
            (await PutAsync(server, url, s_bytes[..size], chunked: true)).Expect(400, "validation_failed");
        }
        (await PutAsync(server, url, s_bytes[..1_000], chunked: true)).Expect(200);
        (await PutAsync(server, url, s_bytes[1..1_001])).Expect(200);
        Assert.Single(Directory.GetFiles(Path.Combine(server.Options.Data, "files"), "*", SearchOption.AllDirectories),
            path => path.Contains(url.Split('/')[^1].Split('?')[0]));
    }

    [Theory, ClassData<Databases>]
    public async Task A_link_does_one_thing_to_one_file_and_no_changed_character_passes(string database)
    {
        var server = await servers.OnAsync(database);
        var (_, worker, job) = await HiredAsync(server);
        string url = (await AnnounceAsync(worker, job, "a.bin", 3)).Expect(201).String("data.upload_url")!;
        string other = (await AnnounceAsync(worker, job, "b.bin", 3)).Expect(201).String("data.upload_url")!;
        (await server.GetAsync(url)).Expect(404, "not_found");
        (await PutAsync(server, url.Split('?')[0], [1, 2, 3])).Expect(404, "not_found");
        (await PutAsync(server, url.Split('?')[0] + "?" + other.Split('?')[1], [1, 2, 3])).Expect(404, "not_found");
        for (int i = url.IndexOf('?') + 1; i < url.Length; i += 5)
            Assert.Equal(404, (await PutAsync(server, url[..i] + (url[i] == '1' ? '2' : '1') + url[(i + 1)..], [1, 2, 3])).Status);
        (await PutAsync(server, url, [1, 2, 3])).Expect(200);
    }

    [Fact]
    public void A_quarter_of_an_hour_later_a_link_has_run_out()
    {
        var time = new HandClock();
        var links = new Files.SignedLinks(new byte[32], time, "https://example.com");
        var (url, expires) = links.Make("GET", Guid.Empty, Guid.Empty);
        var request = new Microsoft.AspNetCore.Http.DefaultHttpContext().Request;
        (request.Method, request.Path, request.QueryString) = ("GET", new Uri(url).AbsolutePath, new(new Uri(url).Query));
        time.Now = expires.AddSeconds(-1);
        Assert.Null(links.Check(request));
        time.Now = expires;
        Assert.Equal("link_expired", System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(links.Check(request)!.Code.ToString()));
    }

    [Theory, ClassData<Databases>]
    public async Task Which_kinds_of_files_are_refused_is_the_operators_to_say(string database)
    {
        await using var server = await TestServer.StartAsync(database, options => options with { RefusedFileTypes = ".csv, image/png" });
        var (_, worker, job) = await HiredAsync(server);
        (await AnnounceAsync(worker, job, "page.html", 1)).Expect(201);
        Assert.Contains("ends in .CSV are not taken", (await AnnounceAsync(worker, job, "a.CSV", 1)).Expect(400, "validation_failed").Text);
    }

    [Theory, ClassData<Databases>]
    public async Task What_cannot_be_a_file_is_refused_when_it_is_announced(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker, job) = await HiredAsync(server);
        foreach (object bad in new object[]
        {
            new { filename = "../x", content_type = "a/b", file_size_bytes = 1 }, new { filename = "", content_type = "a/b", file_size_bytes = 1 },
            new { filename = "x", content_type = "nonsense", file_size_bytes = 1 }, new { filename = "x", content_type = "a/b", file_size_bytes = 0 },
            new { filename = "x", content_type = "a/b", file_size_bytes = 100L * 1024 * 1024 + 1 }, new { filename = "x", content_type = "a/b" },
            new { filename = "a\u0001b", content_type = "a/b", file_size_bytes = 1 }, new { filename = new string('x', 256), content_type = "a/b", file_size_bytes = 1 },
            new { filename = "a\u202Efdp.txt", content_type = "a/b", file_size_bytes = 1 }, new { filename = "a\u200Bb", content_type = "a/b", file_size_bytes = 1 },
            new { filename = "setup.EXE", content_type = "a/b", file_size_bytes = 1 }, new { filename = "page.html", content_type = "text/plain", file_size_bytes = 1 },
            new { filename = "page.txt", content_type = "Text/HTML; charset=utf-8", file_size_bytes = 1 },
            new { filename = "x", content_type = "application/x-msdownload", file_size_bytes = 1 },
        })
            (await worker.PostAsync($"/v1/jobs/{job}/files/upload-url", bad)).Expect(400, "validation_failed");
        (await AnnounceAsync(await server.AgentAsync(), job, "x", 1)).Expect(404, "not_found");
        string mine = (await AnnounceAsync(worker, job, "x", 1)).Expect(201).String("data.file_id")!;
        (await buyer.PostAsync($"/v1/jobs/{job}/files/{mine}/confirm")).Expect(404, "not_found");
    }

    [Theory, ClassData<Databases>]
    public async Task What_nobody_confirms_within_a_day_goes_with_its_bytes(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (_, worker, job) = await HiredAsync(server);
        var kept = (await AnnounceAsync(worker, job, "kept", 3)).Expect(201);
        (await PutAsync(server, kept.String("data.upload_url")!, [1, 2, 3])).Expect(200);
        (await worker.PostAsync($"/v1/jobs/{job}/files/{kept.String("data.file_id")}/confirm")).Expect(200);
        var lost = (await AnnounceAsync(worker, job, "lost", 3)).Expect(201);
        (await PutAsync(server, lost.String("data.upload_url")!, [4, 5, 6])).Expect(200);
        await server.AdvanceAsync(25);
        string only = Assert.Single(Directory.GetFiles(Path.Combine(server.Options.Data, "files"), "*", SearchOption.AllDirectories));
        Assert.Contains(kept.String("data.file_id")!, only);
        Assert.Equal(1, (await worker.GetAsync($"/v1/jobs/{job}/files")).Expect(200).Data.GetArrayLength());
    }

    private static async Task<(TestAgent Buyer, TestAgent Worker, string Job)> HiredAsync(TestServer server)
    {
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        return (buyer, worker, await buyer.HireAsync(worker));
    }

    private static Task<Answer> AnnounceAsync(TestAgent by, string job, string name, long bytes) =>
        by.PostAsync($"/v1/jobs/{job}/files/upload-url",
            new { purpose = "deliverable", filename = name, content_type = "application/x-thing", file_size_bytes = bytes });

    private static async Task<Answer> PutAsync(TestServer server, string url, byte[] bytes, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(bytes) };
        if (chunked) request.Headers.TransferEncodingChunked = true;
        return await Answer.ReadAsync(await server.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
