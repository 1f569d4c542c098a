@echo off
rem lguest for Windows: finds a Java 17 or newer (JAVA_HOME, then the PATH), builds once when the sources are newer than what was
rem built, then runs it. LGUEST_JAVA_OPTS: more options for java. MAVEN_ARGS and MAVEN_OPTS reach Maven.
rem Ends with 127 where a JDK or Maven is missing, with 126 where the build fails, and as java does otherwise.
setlocal
for %%d in ("%~dp0..") do set "top=%%~fd"
set "jar=%top%\shell\target\lguest.jar"

set "java=java.exe"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
set "version="
for /f tokens^=2^ delims^=^" %%v in ('""%java%" -version 2^>^&1"') do if not defined version set "version=%%v"
set "major="
for /f "delims=.-+" %%m in ("%version%") do set "major=%%m"
if not defined major set "major=0"
if %major% lss 17 (
    echo lguest: no JDK 17 or newer: %java% says "%version%"; set JAVA_HOME 1>&2
    exit /b 127
)

rem Beside the jar lie the sources that it was made of: what xcopy would bring up to date there has not been built.
set "sources=%top%\shell\target\sources"
set "stale="
if not exist "%jar%" set "stale=yes"
for %%m in (engine dsl shell) do (
    for /f "delims=" %%f in ('xcopy "%top%\%%m\src\main" "%sources%\%%m\src\main" /l /d /s /y /i 2^>nul ^| findstr /v /b /c:"0 "') do set "stale=yes"
    for /f "delims=" %%f in ('xcopy "%top%\%%m\pom.xml" "%sources%\%%m\" /l /d /y /i 2^>nul ^| findstr /v /b /c:"0 "') do set "stale=yes"
)
if defined stale call :build || exit /b

set "archive="
if %major% geq 19 set "archive=-XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%top%\shell\target\lguest-%version%.jsa""
rem As in the script lguest, which says why.
set "options=-XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable -Xmx3g -Xmn48m -XX:CompileCommand=quiet"
set "options=%options% -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI -XX:-DisplayVMOutput -Dlguest.compiler.directed=true -XX:PerMethodTrapLimit=1"
set "options=%options% -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000"
set "options=%options% -XX:Tier4BackEdgeThreshold=400000"
if %major% geq 22 set "options=%options% -XX:-ProfileExceptionHandlers"
"%java%" %options% "-XX:CompilerDirectivesFile=%top%\scripts\lguest.directives" %archive% "-Dlguest.home=%top%" %LGUEST_JAVA_OPTS% -jar "%jar%" %*
exit /b %errorlevel%

:build
where mvn >nul 2>nul || (
    if exist "%jar%" (
        echo lguest: the sources are newer than %jar%, but there is no Maven ^(mvn^) on the PATH to build them; starting what is there 1>&2
        exit /b 0
    )
    echo lguest: not built yet, and there is no Maven ^(mvn^) on the PATH to do it: install Maven 3.8 or newer 1>&2
    exit /b 127
)
if not exist "%java:java.exe=javac.exe%" if not "%java%"=="java.exe" (
    echo lguest: %java% comes without a compiler: set JAVA_HOME to a JDK 17 or newer 1>&2
    exit /b 127
)
set "log=%top%\shell\target\build.log"
if not exist "%top%\shell\target" mkdir "%top%\shell\target"
echo lguest: building once; this takes a minute; the log is %log% 1>&2
call mvn -B -f "%top%\pom.xml" -Dquickly package >"%log%" 2>&1 || (
    findstr /c:"[ERROR]" "%log%" 1>&2
    echo lguest: the build failed; all it said is in %log% 1>&2
    exit /b 126
)
for %%m in (engine dsl shell) do (
    xcopy "%top%\%%m\src\main" "%sources%\%%m\src\main" /d /s /y /i /q >nul
    xcopy "%top%\%%m\pom.xml" "%sources%\%%m\" /d /y /i /q >nul
)
exit /b 0
