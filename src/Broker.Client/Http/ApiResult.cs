using System.Text.Json.Serialization;

namespace Broker.Client.Http;

/// <summary>What the HTTP API answers where that is not what its callers get.</summary>
internal abstract record ApiResult
{
    private ApiResult()
    {
    }

    public sealed record Entries(Entry[] Results) : ApiResult;

    public sealed record Sessions([property: JsonPropertyName("sessions")] int Count, bool Partial) : ApiResult;

    public sealed record Subscriptions([property: JsonPropertyName("subscriptions")] int Count, bool Partial) : ApiResult;

    public sealed record Entry(string Channel, string? Epoch = null, long Offset = 0, int Receivers = 0, BrokerProblem? Error = null);
}
