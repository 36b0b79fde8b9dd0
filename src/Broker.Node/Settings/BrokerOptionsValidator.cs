using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>Checks each setting by itself, from the attributes.</summary>
[OptionsValidator]
internal sealed partial class BrokerOptionsValidator : IValidateOptions<BrokerOptions>;
