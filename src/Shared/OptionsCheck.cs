using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace CovidCt;

/// <summary>
/// The check of an application's options by the attributes of their properties: that of <c>ValidateDataAnnotations</c>, in its words, for
/// applications that are trimmed too.
/// </summary>
/// <typeparam name="T">The options.</typeparam>
internal sealed class OptionsCheck<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T> : IValidateOptions<T>
    where T : class
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, T options) => OptionsValidation.Failures(options) is { Count: > 0 } failures
        ? ValidateOptionsResult.Fail(failures.Select(failure =>
            $"DataAnnotation validation failed for '{typeof(T).Name}' members: '{string.Join(",", failure.MemberNames)}' with the error: "
                + $"'{failure.ErrorMessage}'."))
        : ValidateOptionsResult.Success;
}
