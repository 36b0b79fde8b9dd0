using Broker.Actors.Tokens;
using Broker.Cluster.RabbitMq;
using Broker.Storage.PostgreSql;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>Checks settings: each by itself, and those that must fit together.</summary>
internal sealed class SettingsCheck(BrokerOptionsValidator attributes, ListenersCheck listeners, LibrariesCheck libraries) : IValidateOptions<BrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        // The name given is what the generated messages begin with.
        var alone = attributes.Validate(BrokerOptions.Section, options);
        var failures = (alone.Failures ?? []).Select(WrongSettings.Reword).Concat(Together(options)).ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Together(BrokerOptions options) =>
        [.. listeners.Failures(options, AppIds(options)), .. libraries.Failures(options, AppIds(options)), .. Apps(options), .. Namespaces(options), .. Limits(options.Limits), .. Secrets(options), .. Paths(options), .. HubsCheck.Failures(options, AppIds(options)), .. Cluster(options.Cluster), .. Amqp(options), .. Telemetry(options.Telemetry)];

    private static IEnumerable<string> Apps(BrokerOptions options)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Apps.Count; i++)
        {
            var app = options.Apps[i];
            if (app.Id.Length > 0 && !ids.Add(app.Id))
            {
                yield return $"Broker:Apps:{i}:Id \"{app.Id}\" is there twice.";
            }

            if (app.Key is null != app.Secret is null)
            {
                yield return $"Broker:Apps:{i}:{(app.Key is null ? "Key" : "Secret")} is missing: a key and a secret go together.";
            }

            foreach (var failure in AppKeysCheck.Of(app, $"Broker:Apps:{i}"))
            {
                yield return failure;
            }
        }

        foreach (var failure in AppKeysCheck.Shared(options.Apps))
        {
            yield return failure;
        }
    }

    private static IEnumerable<string> Namespaces(BrokerOptions options)
    {
        for (var i = 0; i < options.Namespaces.Count; i++)
        {
            var space = options.Namespaces[i];
            if (!AppIds(options).Contains(space.App, StringComparer.Ordinal))
            {
                yield return $"Broker:Namespaces:{i}:App \"{space.App}\" is no app; there is {string.Join(", ", AppIds(options))}.";
            }

            if (space.Durable)
            {
                yield return $"Broker:Namespaces:{i}:Durable cannot be true: this version keeps no journal.";
            }
        }
    }

    private static IEnumerable<string> AppIds(BrokerOptions options) =>
        options.Apps.Select(app => app.Id).Append(Broker.Node.Apps.AppDirectory.Default).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Limits(LimitsOptions limits)
    {
        if (limits.OutboxBytes < limits.FrameBytes)
        {
            yield return $"Broker:Limits:OutboxBytes must have room for a message of Broker:Limits:FrameBytes, {limits.FrameBytes}.";
        }

        if (limits.OutboxMemory < limits.OutboxBytes)
        {
            yield return $"Broker:Limits:OutboxMemory must have room for one outbox of Broker:Limits:OutboxBytes, {limits.OutboxBytes}.";
        }
    }

    private static IEnumerable<string> Secrets(BrokerOptions options) =>
        from secret in new[]
        {
            (Name: "Broker:RocketWs:SourceToken", Value: options.RocketWs.SourceToken),
            (Name: "Broker:Admin:Token", Value: options.Admin.Token),
            (Name: "Broker:Metrics:Token", Value: options.Metrics.Token),
        }
        where !string.IsNullOrEmpty(secret.Value) && SecretHash.Read(secret.Value) is null
        select $"{secret.Name} must be sha256: and 64 hexadecimal digits.";

    private static IEnumerable<string> Telemetry(TelemetryOptions telemetry)
    {
        if (telemetry.Otlp.Endpoint is { } endpoint
            && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return $"Broker:Telemetry:Otlp:Endpoint must be an http or https address; it is \"{endpoint}\".";
        }
    }

    private static IEnumerable<string> Cluster(ClusterOptions cluster)
    {
        if (cluster.PostgreSql is null != cluster.RabbitMq is null)
        {
            var (missing, there) = cluster.PostgreSql is null ? ("PostgreSql", "RabbitMq") : ("RabbitMq", "PostgreSql");
            yield return $"Broker:Cluster:{missing} is missing: a cluster needs it beside Broker:Cluster:{there}.";
        }

        // Whatever is wrong with it, a connection string is not repeated.
        if (cluster.PostgreSql is { } postgreSql && !new ConnectionStringAttribute().IsValid(postgreSql))
        {
            yield return $"Broker:Cluster:PostgreSql {new ConnectionStringAttribute().FormatErrorMessage("")[1..]}";
        }

        if (RabbitMq(cluster.RabbitMq, "Broker:Cluster:RabbitMq") is { } wrong)
        {
            yield return wrong;
        }

        if (cluster.Url is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return $"Broker:Cluster:Url must be an http or https address; it is \"{url}\".";
        }
    }

    private static IEnumerable<string> Amqp(BrokerOptions options)
    {
        var amqp = options.Amqp;
        if (amqp.Enabled && amqp.RabbitMq is null && options.Cluster.RabbitMq is null)
        {
            yield return "Broker:Amqp:RabbitMq is missing: Broker:Amqp:Enabled needs it, or Broker:Cluster:RabbitMq.";
        }

        if (RabbitMq(amqp.RabbitMq, "Broker:Amqp:RabbitMq") is { } wrong)
        {
            yield return wrong;
        }

        for (var i = 0; i < amqp.Apps.Count; i++)
        {
            if (!AppIds(options).Contains(amqp.Apps[i], StringComparer.Ordinal))
            {
                yield return $"Broker:Amqp:Apps:{i} \"{amqp.Apps[i]}\" is no app; there is {string.Join(", ", AppIds(options))}.";
            }
        }
    }

    /// <summary>What is wrong with a connection string, without a word of it.</summary>
    private static string? RabbitMq(string? connectionString, string setting) =>
        connectionString is not null
        && new ConnectionStringCheck().Validate(name: null, new RabbitMqOptions { ConnectionString = connectionString }) is { Failed: true } wrong
            ? wrong.FailureMessage.Replace(nameof(RabbitMqOptions.ConnectionString), setting, StringComparison.Ordinal)
            : null;

    private static IEnumerable<string> Paths(BrokerOptions options)
    {
        if (options.Echo.Path is { Length: > 0 } path && (path[0] != '/' || path is "/" or "/rpc" or "/rocketws" or "/sse" || path.Contains('?', StringComparison.Ordinal)))
        {
            yield return $"Broker:Echo:Path must be a path of its own, such as /echo; it is \"{path}\".";
        }
    }
}
