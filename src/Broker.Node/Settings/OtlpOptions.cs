using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>Sending metrics and traces by OTLP.</summary>
public sealed class OtlpOptions
{
    /// <summary>
    /// The collector, <c>http://127.0.0.1:4318</c> for example; over HTTP the paths <c>v1/metrics</c> and <c>v1/traces</c> are
    /// put behind it. Default none: nothing is sent, and no trace recorded.
    /// </summary>
    [StringLength(2_048)]
    public string? Endpoint { get; set; }

    /// <summary>How it is spoken to: <c>Http</c> (protobuf) or <c>Grpc</c>. Default Http.</summary>
    public OtlpProtocol Protocol { get; set; } = OtlpProtocol.Http;

    /// <summary>Headers that it asks for: <c>name=value</c>, separated by commas. Default none.</summary>
    [Secret]
    [StringLength(8_192)]
    public string? Headers { get; set; }

    /// <summary>How often metrics are sent, as <c>hh:mm:ss</c>. Default a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}
