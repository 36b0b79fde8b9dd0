using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq;

/// <summary>Opens connections as the options say. The client library's own recovery is off: a bus has a new address after each loss.</summary>
internal sealed class RabbitMqClient
{
    private readonly RabbitMqOptions _options;
    private readonly List<AmqpTcpEndpoint> _nodes;
    private readonly X509Certificate2Collection? _authorities;
    private readonly ConnectionFactory _factory;

    /// <param name="maxMessageBytes">A larger message ends the connection that it comes by.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public RabbitMqClient(RabbitMqOptions options, uint maxMessageBytes = ConnectionFactory.DefaultMaxInboundMessageBodySize)
    {
        if (!RabbitMqAddress.TryParse(options.ConnectionString, out var address, out var failure))
        {
            throw new ArgumentException($"{nameof(options.ConnectionString)} {failure}", nameof(options));
        }

        _options = options;
        if (options.CertificateAuthorityFile is { } file)
        {
            _authorities = [];
            _authorities.ImportFromPemFile(file);
        }

        _nodes = [.. address.Nodes.Select(node => new AmqpTcpEndpoint(node.Host, node.Port, Tls(node.Host, node.IsTls), maxMessageBytes))];
        _factory = new ConnectionFactory
        {
            UserName = address.User,
            Password = address.Password,
            VirtualHost = address.VirtualHost,
            MaxInboundMessageBodySize = maxMessageBytes,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ConsumerDispatchConcurrency = 1,
            RequestedHeartbeat = options.Heartbeat,
            RequestedConnectionTimeout = options.ConnectTimeout,
            HandshakeContinuationTimeout = options.ConnectTimeout,
            ContinuationTimeout = options.ConnectTimeout,
            SocketReadTimeout = options.ConnectTimeout,
            SocketWriteTimeout = options.ConnectTimeout,
        };
    }

    /// <summary>How long an answer of RabbitMQ may take.</summary>
    public TimeSpan AnswerTimeout => _options.ConnectTimeout;

    /// <summary>Connects to any node, another each time.</summary>
    public Task<IConnection> ConnectAsync(string purpose, CancellationToken cancellationToken) =>
        ConnectAsync(_nodes, purpose, cancellationToken);

    /// <summary>Connects to the node that another connection leads to.</summary>
    public Task<IConnection> ConnectBesideAsync(IConnection other, string purpose, CancellationToken cancellationToken) =>
        ConnectAsync([other.Endpoint], purpose, cancellationToken);

    /// <summary>Closes one that was made, also one that is lost. The client library may hang here too: it is waited for twice as long as RabbitMQ.</summary>
    /// <param name="patience">For RabbitMQ's answer.</param>
    public static async Task CloseAsync(IConnection? connection, TimeSpan patience, TimeProvider time)
    {
        if (connection is null)
        {
            return;
        }

        try
        {
            var closing = Task.Run(async () =>
            {
                await connection.CloseAsync(200, "Goodbye", patience, abort: true, CancellationToken.None);
                await connection.DisposeAsync();
            });
            await closing.WaitAsync(patience * 2, time);
        }
        catch (Exception)
        {
            // It is gone, or will be when its heartbeats are missed.
        }
    }

    /// <summary>Does not wait for a connection that hangs: it is closed when it comes.</summary>
    private async Task<IConnection> ConnectAsync(List<AmqpTcpEndpoint> nodes, string purpose, CancellationToken cancellationToken)
    {
        var connecting = _factory.CreateConnectionAsync(nodes, $"{_options.ConnectionName} {purpose}", cancellationToken);
        try
        {
            return await connecting.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = DisposeLateAsync(connecting);
            throw;
        }
    }

    private static async Task DisposeLateAsync(Task<IConnection> connecting)
    {
        try
        {
#pragma warning disable VSTHRD003 // It was left waiting.
            await using var late = await connecting;
#pragma warning restore VSTHRD003
        }
        catch (Exception)
        {
            // It has not become one.
        }
    }

    private SslOption Tls(string host, bool isTls)
    {
        var tls = new SslOption(host, enabled: isTls);
        if (_authorities is not null)
        {
            tls.CertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors);
        }

        return tls;
    }

    private bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        // The chain is judged anew; a wrong name stays wrong.
        if (certificate is not X509Certificate2 presented || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(presented);
    }
}
