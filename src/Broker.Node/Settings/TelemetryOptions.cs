using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>What the node tells an OpenTelemetry collector.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Of traces that begin here, how many in a hundred are recorded. Default 0: a publish is traced when its
    /// <c>traceparent</c> says that the caller records it. Needs <c>Otlp:Endpoint</c>.
    /// </summary>
    [Range(0, 100)]
    public int TracePercent { get; set; }

    [ValidateObjectMembers]
    public OtlpOptions Otlp { get; } = new();
}
