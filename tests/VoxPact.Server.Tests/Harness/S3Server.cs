using System.Diagnostics;
using VoxPact.Server.Tests.Newcomer;
using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>Where files can be kept: the folder always, a bucket where <c>tests/s3-server</c> is installed.</summary>
public sealed class FileStores : TheoryData<string>
{
    public const string Folder = "folder", Bucket = "bucket";

    public FileStores()
    {
        Add(Folder);
        if (S3Server.IsInstalled) Add(Bucket);
    }
}

/// <summary>
/// A server that speaks the protocol of S3, as a process with a folder of its own. The program is the one that
/// <c>npm ci --prefix tests/s3-server</c> installs; it looks at the key's id, not at signatures, which
/// <see cref="SignedRequests"/> does.
/// </summary>
internal sealed class S3Server : IDisposable
{
    private const string BucketName = "files";
    private static readonly string s_program =
        Path.Combine(Repository.Root, "tests/s3-server/node_modules/s3rver/bin/s3rver.js");

    private readonly Process _process;
    private readonly string _folder;

    private S3Server(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public static bool IsInstalled { get; } = Look();

    public int Port { get; }

    public static async Task<S3Server> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-s3-").FullName;
        int port = Ports.Next();
        var process = Process.Start(new ProcessStartInfo("node",
            [s_program, "-d", folder, "-a", "127.0.0.1", "-p", $"{port}", "--configure-bucket", BucketName])
        {
            RedirectStandardOutput = true,
        })!;
        // It says so when it listens; whatever it says later must be taken from it too.
        var listens = new TaskCompletionSource();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) listens.TrySetException(new InvalidOperationException("The S3 server has ended."));
            else if (line.Data.Contains("listening")) listens.TrySetResult();
        };
        process.BeginOutputReadLine();
        await listens.Task.WaitAsync(TestContext.Current.CancellationToken);
        return new S3Server(process, folder, port);
    }

    public ServerOptions In(ServerOptions options) => options with
    {
        S3Endpoint = $"http://127.0.0.1:{Port}",
        S3Bucket = BucketName,
        S3AccessKey = "S3RVER",
        S3SecretKey = "S3RVER",
    };

    /// <summary>The names of the objects in the bucket.</summary>
    public IReadOnlyList<string> Objects() =>
        [.. Directory.GetFiles(_folder, "*._S3rver_object", SearchOption.AllDirectories).Select(Path.GetFileName).OfType<string>()];

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool Look()
    {
        bool isThere = File.Exists(s_program);
        if (!isThere)
            Console.Error.WriteLine(
                "No S3 server found (npm ci --prefix tests/s3-server): files are tested in a folder and on the wire only.");
        return isThere;
    }
}
