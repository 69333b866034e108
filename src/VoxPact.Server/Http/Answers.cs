using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxPact.Client;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Http;

/// <summary>Answers that went well, in the reference's envelope.</summary>
internal static class Answers
{
    public static Reply Ok<T>(T data, JsonTypeInfo<Envelope<T>> type) => Write(StatusCodes.Status200OK, data, type);

    public static Reply Created<T>(T data, JsonTypeInfo<Envelope<T>> type) =>
        Write(StatusCodes.Status201Created, data, type);

    /// <summary>Taken on, its outcome not known yet.</summary>
    public static Reply Accepted<T>(T data, JsonTypeInfo<Envelope<T>> type) =>
        Write(StatusCodes.Status202Accepted, data, type);

    /// <summary>Where the reference shows top-level fields: <c>success</c> stands beside them.</summary>
    public static Reply Bare<T>(T answer, JsonTypeInfo<T> type) =>
        Reply.Of(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(answer, type));

    public static Reply Page<T>(IReadOnlyList<T> rows, string? nextCursor, JsonTypeInfo<Page<T>> type) =>
        Bare(new Page<T> { Data = rows, NextCursor = nextCursor }, type);

    /// <summary>An answer whose parts were written already.</summary>
    public static Reply Raw(byte[] body) => Reply.Of(StatusCodes.Status200OK, body);

    private static Reply Write<T>(int status, T data, JsonTypeInfo<Envelope<T>> type) =>
        Reply.Of(status, JsonSerializer.SerializeToUtf8Bytes(new Envelope<T> { Data = data }, type));
}
