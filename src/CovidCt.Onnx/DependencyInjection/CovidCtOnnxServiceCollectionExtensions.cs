using System.Diagnostics.CodeAnalysis;
using CovidCt.Onnx.DependencyInjection;
using CovidCt.Registration;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ONNX files to the models of an application.</summary>
public static class CovidCtOnnxServiceCollectionExtensions
{
    private const string Reflection = "Configuration is bound to options by reflection; set them in code instead.";

    /// <summary>
    /// Adds <see cref="CovidCt.Answers.ICtClassifier"/> for ONNX files, once for the application and safe for many threads, with
    /// <see cref="CovidCt.Imaging.IImageDecoder"/> and <see cref="CovidCt.Imaging.CanvasTransform"/>. Beside <c>AddCovidCt</c>, of
    /// CovidCt.Core, <see cref="CovidCtOptions.Model"/> takes models of either kind; without it, no libtorch is needed.
    /// </summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddCovidCtOnnx(this IServiceCollection services) => services.AddCovidCtOnnx(_ => { });

    /// <inheritdoc cref="AddCovidCtOnnx(IServiceCollection)"/>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCtOnnx(this IServiceCollection services, Action<CovidCtOptions> configure) =>
        services.AddCovidCtFormat<OnnxModelFormat>(configure);

    /// <summary>
    /// Adds a further model under a name, by which it is asked for as a keyed <see cref="CovidCt.Answers.ICtClassifier"/>, and by which its
    /// <see cref="CovidCtOptions"/> are named; as many as are wanted. Decoder and canvas are the application's.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name, which isn't empty.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    /// <exception cref="System.ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddCovidCtOnnx(this IServiceCollection services, string name, Action<CovidCtOptions> configure) =>
        services.AddCovidCtFormat<OnnxModelFormat>(name, configure);

    /// <inheritdoc cref="AddCovidCtOnnx(IServiceCollection)"/>
    /// <param name="section">What the options are bound from. A key that no option has is told at start.</param>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static IServiceCollection AddCovidCtOnnx(this IServiceCollection services, IConfiguration section) =>
        services.AddCovidCtFormat<OnnxModelFormat>(section);

    /// <inheritdoc cref="AddCovidCtOnnx(IServiceCollection, string, Action{CovidCtOptions})"/>
    /// <param name="section">What the options are bound from. A key that no option has is told at start.</param>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static IServiceCollection AddCovidCtOnnx(this IServiceCollection services, string name, IConfiguration section) =>
        services.AddCovidCtFormat<OnnxModelFormat>(name, section);
}
