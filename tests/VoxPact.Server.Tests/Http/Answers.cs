using System.Text.Json;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Http;

/// <summary>What every answer that is not 2xx must be, whatever caused it.</summary>
internal static class Answers
{
    /// <summary>Checks the answer's form and gives its document.</summary>
    public static async Task<Problem> ReadProblemAsync(
        HttpResponseMessage response, int status, string code)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)response.StatusCode,
            $"{(int)response.StatusCode} instead of {status}: {System.Text.Encoding.UTF8.GetString(body)}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Problem problem = JsonSerializer.Deserialize(body, VoxPactJson.Wire.Problem)!;
        Assert.Equal((code, status, false), (problem.Code, problem.Status, problem.Success));
        Assert.Equal("/docs/errors#" + code, problem.Type);
        Assert.Equal(problem.Error, problem.Detail);
        Assert.False(string.IsNullOrWhiteSpace(problem.Error));
        Assert.False(string.IsNullOrWhiteSpace(problem.Title));
        Assert.Equal(Assert.Single(response.Headers.GetValues("Request-Id")), problem.RequestId);
        return problem;
    }
}
