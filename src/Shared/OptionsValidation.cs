using System.ComponentModel.DataAnnotations;

namespace CovidCt;

/// <summary>The check of options at the boundary.</summary>
internal static class OptionsValidation
{
    /// <summary>Refuses options out of their ranges.</summary>
    /// <exception cref="ArgumentException">The message says all that is wrong.</exception>
    public static void ThrowIfInvalid(object options)
    {
        List<ValidationResult> results = [];
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
        {
            throw new ArgumentException(string.Join(" ", results.Select(result => result.ErrorMessage)));
        }
    }
}
