using System.Diagnostics.CodeAnalysis;

namespace Broker.Cluster.RabbitMq;

/// <summary>What a connection string says. Never written anywhere: it holds a password.</summary>
internal sealed class RabbitMqAddress
{
    private const int Port = 5672;
    private const int TlsPort = 5671;

    private RabbitMqAddress(string user, string password, string virtualHost)
    {
        User = user;
        Password = password;
        VirtualHost = virtualHost;
    }

    public string User { get; }

    public string Password { get; }

    public string VirtualHost { get; }

    public IReadOnlyList<(string Host, int Port, bool IsTls)> Nodes { get; private init; } = [];

    /// <param name="failure">What is wrong with it, without a word of it.</param>
    public static bool TryParse(
        string connectionString, [NotNullWhen(true)] out RabbitMqAddress? address, [NotNullWhen(false)] out string? failure)
    {
        address = null;
        var nodes = new List<(string, int, bool)>();
        foreach (var text in connectionString.Split(',', StringSplitOptions.TrimEntries))
        {
            failure = Read(text, out var uri);
            if (failure is not null)
            {
                return false;
            }

            var isTls = uri!.Scheme == "amqps";
            nodes.Add((uri.Host, uri.Port > 0 ? uri.Port : isTls ? TlsPort : Port, isTls));
            var of = Credentials(uri);
            if (address is not null && (of.User, of.Password, of.VirtualHost) != (address.User, address.Password, address.VirtualHost)
                && (uri.UserInfo.Length > 0 || uri.AbsolutePath.Length > 1))
            {
                failure = "names different users, passwords or virtual hosts: its nodes must be of one RabbitMQ cluster.";
                address = null;
                return false;
            }

            address ??= of;
        }

        address = new RabbitMqAddress(address!.User, address.Password, address.VirtualHost) { Nodes = nodes };
        failure = null;
        return true;
    }

    private static string? Read(string text, out Uri? uri)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
        {
            return "must be amqp://user:password@host:port/virtual-host, or amqps:// for TLS.";
        }

        return uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.Segments.Length > 2
            ? "must end with the name of the virtual host."
            : null;
    }

    private static RabbitMqAddress Credentials(Uri uri)
    {
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var (user, password) = colon < 0 ? (uri.UserInfo, "") : (uri.UserInfo[..colon], uri.UserInfo[(colon + 1)..]);
        return uri.UserInfo.Length == 0
            ? new RabbitMqAddress("guest", "guest", VirtualHostOf(uri))
            : new RabbitMqAddress(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), VirtualHostOf(uri));
    }

    private static string VirtualHostOf(Uri uri) =>
        uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/";
}
