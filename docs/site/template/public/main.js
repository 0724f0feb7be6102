export default {
  // Drawings and commands are in no language: to guess one colours words at random.
  configureHljs: hljs => hljs.configure({ languages: [] }),
}
