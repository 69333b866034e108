using Microsoft.AspNetCore.Http.Features;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Files;

/// <summary>Where signed URLs lead: bytes in by PUT, bytes out by GET, streamed and never held in memory.</summary>
internal static class FileBytes
{
    private const string Path = "/v1/files/{id}/{file}";

    public static void Map(WebApplication app, Deployment deployment)
    {
        app.MapMethods(Path, ["PUT"], http => ServeAsync(http, deployment, TakeAsync)).ExcludeFromDescription();
        app.MapMethods(Path, ["GET"], http => ServeAsync(http, deployment, GiveAsync)).ExcludeFromDescription();
    }

    private static async Task ServeAsync(
        HttpContext http, Deployment deployment, Func<HttpContext, Deployment, JobFile, Task<Refusal?>> serve)
    {
        var refusal = deployment.Links.Check(http.Request);
        if (refusal is null)
        {
            Id.TryParse(Id.Job, http.Request.RouteValues["id"] as string, out var job);
            Id.TryParse(Id.File, http.Request.RouteValues["file"] as string, out var id);
            var found = await deployment.Store.QueryAsync(FileQueries.One(job, id), http.RequestAborted);
            try
            {
                refusal = found is [var file] ? await serve(http, deployment, file) : Refusal.NotFound;
            }
            catch (FilesAway away)
            {
                deployment.Log.LogWarning(away, "The store of files could not be asked for {Path}", http.Request.Path);
                refusal = FilesAway.Refusal;
            }
        }
        if (refusal is not null) await Problems.WriteAsync(http, refusal);
    }

    private static async Task<Refusal?> TakeAsync(HttpContext http, Deployment deployment, JobFile file)
    {
        if (file.State is FileState.Confirmed)
            return new Refusal(RefusalCode.AlreadyDone, "This file is confirmed and cannot be replaced.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = Limits.FileBytes;
        var wrong = Refusal.Invalid("file_size_bytes",
            $"This file was announced with {file.Bytes} bytes; send exactly so many, or announce it anew.");
        if (http.Request.ContentLength is { } length && length != file.Bytes) return wrong;
        string? hash = await deployment.Files.WriteAsync(file.Id, http.Request.Body, file.Bytes, http.RequestAborted);
        if (hash is null) return wrong;
        var kept = await deployment.Engine.RunWorkAsync(new Uploaded(file.JobId, file.Id, hash));
        if (kept.Value is string obsolete) await DiscardAsync(deployment, file.Id, obsolete, http.RequestAborted);
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync($$$"""{"success":true,"data":{"sha256":"{{{hash}}}"}}""", http.RequestAborted);
        return null;
    }

    /// <summary>
    /// Deletes bytes that no row names any more. Where the store is away they stay: they cost their room and no more.
    /// </summary>
    public static async Task DiscardAsync(Deployment deployment, Guid file, string hash, CancellationToken stop)
    {
        try
        {
            await deployment.Files.DeleteAsync(file, hash, stop);
        }
        catch (FilesAway away)
        {
            deployment.Log.LogWarning(away,
                "The bytes {Hash} of {File} are of no use any more and could not be deleted",
                hash, Id.Format(Id.File, file));
        }
    }

    private static async Task<Refusal?> GiveAsync(HttpContext http, Deployment deployment, JobFile file)
    {
        await using var bytes = file.Sha256 is { } hash
            ? await deployment.Files.OpenAsync(file.Id, hash, http.RequestAborted)
            : null;
        if (bytes is null) return Refusal.NotFound;
        var response = http.Response;
        // A stranger's file is never shown as a page of this server's, whatever it says that it is.
        response.ContentType = file.ContentType;
        response.ContentLength = file.Bytes;
        response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(file.Name)}";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.CacheControl = "private, no-store";
        response.Headers.ETag = $"\"{file.Sha256}\"";
        await bytes.CopyToAsync(response.Body, http.RequestAborted);
        return null;
    }

    /// <summary>The bytes are on the disk; what they hash to is known from now on.</summary>
    private sealed class Uploaded(Guid job, Guid id, string hash) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(job);
            plan.Files.Add(job);
        }

        /// <summary>Hands back the hash of bytes that are of no use any more: the ones before, or these.</summary>
        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Files.Find((job, id)) is not { } file) return Reply.Holding(hash);
            if (file.State is FileState.Confirmed) return Reply.Holding(file.Sha256 == hash ? null : hash);
            string? before = file.Sha256 == hash ? null : file.Sha256;
            return new Ruling(
                new Decision().Put(file with { State = FileState.Uploaded, Sha256 = hash }), Reply.Holding(before));
        }
    }
}
