using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using VoxPact.Domain;

namespace VoxPact.Server.Files;

/// <summary>
/// The bytes of files, in a bucket of S3 or of anything that speaks its protocol. A body is first written to a file
/// that nobody else sees, for only its hash tells its name; so it can be sent again after a lost connection, and its
/// hash is part of what the request signs: the other side refuses bytes that are not these.
/// </summary>
internal sealed class FileBucket : IFileStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string _bucket;
    private readonly string _spool;
    private readonly AmazonS3Client _client;

    /// <param name="options">With a bucket: <see cref="IsConfigured"/>.</param>
    /// <param name="spool">A folder for bodies on their way.</param>
    public FileBucket(ServerOptions options, string spool)
    {
        var endpoint = new Uri(options.S3Endpoint!);
        (_bucket, _spool) = (options.S3Bucket!, spool);
        _client = new AmazonS3Client(
            new BasicAWSCredentials(options.S3AccessKey, options.S3SecretKey), new AmazonS3Config
            {
                ServiceURL = endpoint.GetLeftPart(UriPartial.Authority),
                AuthenticationRegion = options.S3Region,
                ForcePathStyle = options.S3PathStyle,
                Timeout = Patience,
                // Not every store knows the newer checksums; the signature covers the SHA-256 anyway.
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
                HttpClientFactory = new OneHost(options.S3PathStyle
                    ? endpoint.Authority
                    : $"{options.S3Bucket}.{endpoint.Authority}"),
            });
    }

    public static bool IsConfigured(ServerOptions options) => !string.IsNullOrEmpty(options.S3Bucket);

    /// <summary>What is missing or cannot be, as sentences that name the setting.</summary>
    public static IEnumerable<string> Problems(ServerOptions options)
    {
        var settings = new (string Name, string? Value)[]
        {
            ("S3Endpoint", options.S3Endpoint), ("S3Bucket", options.S3Bucket), ("S3AccessKey", options.S3AccessKey),
            ("S3SecretKey", options.S3SecretKey),
        };
        if (settings.All(setting => string.IsNullOrEmpty(setting.Value))) yield break;
        foreach (var (name, _) in settings.Where(setting => string.IsNullOrEmpty(setting.Value)))
            yield return $"{name}: files go to S3 only with all of S3Endpoint, S3Bucket, S3AccessKey and S3SecretKey.";
        if (!string.IsNullOrEmpty(options.S3Endpoint)
            && !(Uri.TryCreate(options.S3Endpoint, UriKind.Absolute, out var endpoint)
                && endpoint is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "" }))
            yield return $"S3Endpoint: {options.S3Endpoint} is no address such as "
                + "https://s3.eu-central-1.amazonaws.com.";
    }

    public async Task<string?> WriteAsync(Guid id, Stream body, long bytes, CancellationToken stop)
    {
        Directory.CreateDirectory(_spool);
        string part = Path.Combine(_spool, RandomNumberGenerator.GetHexString(32, lowercase: true) + ".part");
        await using var file = new FileStream(part, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        if (await HashedCopy.RunAsync(body, file, bytes, stop) is not { } sha256) return null;
        file.Position = 0;
        await AskAsync(() => _client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = _bucket,
            Key = KeyOf(id, sha256),
            InputStream = file,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            DisablePayloadSigning = false,
            ContentType = "application/octet-stream",
        }, stop));
        return sha256;
    }

    public async Task<Stream?> OpenAsync(Guid id, string sha256, CancellationToken stop)
    {
        try
        {
            var found = await AskAsync(() => _client.GetObjectAsync(_bucket, KeyOf(id, sha256), stop));
            return found.ResponseStream;
        }
        catch (FilesAway away) when (away.InnerException is AmazonS3Exception { ErrorCode: "NoSuchKey" })
        {
            return null;
        }
    }

    public Task DeleteAsync(Guid id, string sha256, CancellationToken stop) =>
        AskAsync(() => _client.DeleteObjectAsync(_bucket, KeyOf(id, sha256), stop));

    public void Dispose() => _client.Dispose();

    private static string KeyOf(Guid id, string sha256) => $"files/{Id.Format(Id.File, id)}.{sha256}";

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (
            failure is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException)
        {
            throw new FilesAway($"S3: {failure.Message}", failure);
        }
    }

    /// <summary>Sends to one host and to no other, wherever an answer points to.</summary>
    private sealed class OneHost(string authority) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(new Guard(authority), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

        private sealed class Guard(string authority) : DelegatingHandler(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        })
        {
            protected override async Task<HttpResponseMessage> SendAsync(
                HttpRequestMessage request, CancellationToken stop)
            {
                if (request.RequestUri?.Authority != authority)
                    throw new AmazonClientException(
                        $"{request.RequestUri?.Authority} is not {authority}, the one host that files are sent to.");
                var answer = await base.SendAsync(request, stop);
                if (answer.Headers.Location is not { } elsewhere) return answer;
                answer.Dispose();
                throw new AmazonClientException(
                    $"{authority} answers that the bucket is at {elsewhere}; S3Endpoint must name the right one.");
            }
        }
    }
}
