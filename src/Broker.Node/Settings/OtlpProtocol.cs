namespace Broker.Node.Settings;

/// <summary>How OTLP is carried.</summary>
public enum OtlpProtocol
{
    /// <summary>Protobuf over HTTP/1.1.</summary>
    Http,

    /// <summary>gRPC, over HTTP/2.</summary>
    Grpc,
}
