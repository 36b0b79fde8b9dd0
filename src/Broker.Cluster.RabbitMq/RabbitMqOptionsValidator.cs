using Microsoft.Extensions.Options;

namespace Broker.Cluster.RabbitMq;

/// <summary>Checks each option by itself.</summary>
[OptionsValidator]
public sealed partial class RabbitMqOptionsValidator : IValidateOptions<RabbitMqOptions>;
