using Microsoft.Extensions.Options;

namespace Broker.Cluster.RabbitMq;

/// <summary>Checks that a connection string can be read, without repeating it.</summary>
public sealed class ConnectionStringCheck : IValidateOptions<RabbitMqOptions>
{
    public ValidateOptionsResult Validate(string? name, RabbitMqOptions options) =>
        RabbitMqAddress.TryParse(options.ConnectionString, out _, out var failure)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{nameof(options.ConnectionString)} {failure}");
}
