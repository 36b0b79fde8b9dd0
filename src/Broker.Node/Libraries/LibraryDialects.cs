using Broker.Actors.Dialects;
using Broker.Node.Connections;
using Broker.Node.Hosting;
using Broker.Node.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Broker.Node.Libraries;

/// <summary>Dialects of one's own that settings name.</summary>
public static class LibraryDialects
{
    /// <summary>Those of <c>Broker:Dialects</c>: docs/dialects.md.</summary>
    public static BrokerBuilder AddLibraryDialects(this BrokerBuilder broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        broker.Services.TryAddSingleton<ClassLibraries>();
        broker.Services.AddSingleton(provider => new DialectSetup([.. Routes(provider)]));
        return broker;
    }

    private static IEnumerable<DialectRoute> Routes(IServiceProvider provider)
    {
        var libraries = provider.GetRequiredService<ClassLibraries>();
        var options = provider.GetRequiredService<BrokerOptions>().Dialects;
        for (var i = 0; i < options.Count; i++)
        {
            var setting = $"Broker:Dialects:{i}";
            if (libraries.Find(setting, options[i].Assembly, options[i].Type, typeof(IDialect), out var failure) is not { } type)
            {
                throw WrongSettings.Exception([failure!]);
            }

            yield return new DialectRoute(options[i].Path ?? "/" + options[i].Name, Create(setting, options[i], type, provider), options[i].App, options[i].NamesApp);
        }
    }

    private static IDialect Create(string setting, LibraryDialectOptions options, Type type, IServiceProvider provider)
    {
        if (Construction.ProblemOf(type, provider) is { } problem)
        {
            throw WrongSettings.Exception([$"{setting}:Type {type.FullName} {problem}"]);
        }

        var dialect = (IDialect)ActivatorUtilities.CreateInstance(provider, type);
        return dialect.Name == options.Name
            ? dialect
            : throw WrongSettings.Exception([$"{setting}:Name must be what {type.FullName} calls itself, \"{dialect.Name}\"; it is \"{options.Name}\"."]);
    }
}
