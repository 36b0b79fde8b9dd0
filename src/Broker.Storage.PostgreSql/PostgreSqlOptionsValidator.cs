using Microsoft.Extensions.Options;

namespace Broker.Storage.PostgreSql;

[OptionsValidator]
internal sealed partial class PostgreSqlOptionsValidator : IValidateOptions<PostgreSqlOptions>;
