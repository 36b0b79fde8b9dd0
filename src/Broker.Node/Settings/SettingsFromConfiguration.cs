using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>Fills the options from section <c>Broker</c>.</summary>
internal sealed class SettingsFromConfiguration(IConfiguration configuration) : IConfigureOptions<BrokerOptions>
{
    /// <exception cref="OptionsValidationException">A setting has an unknown name, or a value of the wrong kind.</exception>
    public void Configure(BrokerOptions options)
    {
        var reader = new SettingsReader(configuration);
        reader.Read(configuration.GetSection(BrokerOptions.Section), options);
        if (reader.Failures.Count > 0)
        {
            throw new OptionsValidationException(BrokerOptions.Section, typeof(BrokerOptions), reader.Failures);
        }
    }
}
